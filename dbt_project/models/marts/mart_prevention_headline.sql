-- The headline by perimeter, as people quote it: worked out in int_prevention_headlines, which comparisons and the
-- say-do models read as well, so that no model reads a mart to make another.
select * from {{ ref('int_prevention_headlines') }}
