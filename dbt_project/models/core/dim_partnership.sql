-- Partnerships of councils, for the councils of this publication only.
select
    b.partnership_code,
    b.partnership_name,
    b.council_code,
    c.council_name,
    b.valid_from_year,
    b.valid_to_year
from {{ codebook_list('partnership_bridge') }} as b
inner join {{ ref('dim_council') }} as c on b.council_code = c.council_code
