{#-
  One invariant of the apportionment holds for every council-year, and was compared for all of them. The model is
  the reconciliation; the row that counts council-years must be there, so an empty table fails
  (without a budget there may be nothing to compare).
-#}
{% test invariant_holds(model, check_name) %}
select check_name, financial_year, statement, group_name, line_code, measure, expected, observed, difference, differing, reason
from {{ model }}
where check_name = '{{ check_name }}' and status = 'fail'
union all
select '{{ check_name }}', '', '', '', '', '', null, null, null, null, 'The check compared nothing: its row of council-years is missing'
from (
    select count(*) as found
    from {{ model }}
    where check_name = '{{ check_name }}' and measure = 'council-years compared' and compared > 0
) as counted
where found <> 1 and {{ something_is_due('revenue_account') }}
{% endtest %}
