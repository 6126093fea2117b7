"""How much of anything a file may ask for: size, shape, memory, time, and how much of it may be faulty.

Every limit of the door is here. Each is well above what the largest true publication or ledger needs and
well below what would hurt the machine.
"""

from decimal import Decimal

# A cell of money or of people. All England's councils spend less than 200,000,000 £ thousand a year.
LARGEST_NUMBER = Decimal(10**13)

# A file of a published or submitted table, as it lies in the folder.
MOST_FILE_BYTES = 2_000_000_000
# A packed workbook (.xlsx, .ods): its parts, what they unpack to, and how far one part may be packed down.
MOST_PARTS = 5_000
MOST_UNPACKED_BYTES = 3_000_000_000
MOST_PACKING = 2_000
PACKING_FREE_BYTES = 50_000_000
# A workbook's sheet. Readers build the whole rectangle from the first cell to the last.
MOST_CELLS = 30_000_000
# Rows of a table of text.
MOST_ROWS = 5_000_000
# One cell of text.
LONGEST_FIELD = 1_000_000
# A name of a file, with the room our own names need beside it.
LONGEST_FILE_NAME_BYTES = 180

# The process that reads one file, and how many there are at most: one a processor.
READ_MEMORY_BYTES = 8_000_000_000
READ_AT_ONCE = 2
READ_SECONDS = 1_200

# Cells of a published file that may be set aside before the file as a whole is not to be trusted.
MOST_FAULTY_CELLS = 20
MOST_FAULTY_SHARE = Decimal("0.01")
FEWEST_FAULTS_THAT_STOP = 3
