"""What councils and their partners spent: ledgers, payments published under the transparency code, partner money."""
