with deel as (
    select cijfer.*,
        -- A demand that is also delivered as a whole is not added to its parts.
        bool_or(subsector = '') over (partition by energiebeeld, gebied, drager, jaar, beeld) as is_heel
    from cijfer
    where indicator = 'finale-vraag' and techniek = '' and richting = '' and drager not in ('', 'TOTAAL') and niveau = 'GEMEENTE'
        and (subsector = '' or exists (
            select from facts.begrip where lijst = 'subsector' and code = cijfer.subsector and ouder is not null
        ))
),
vraag as (
    select energiebeeld, land, gebied, coalesce(drager, 'TOTAAL') as drager, jaar, beeld, max(indeling) as indeling, sum(waarde) as waarde,
        min(soort) as soort, array_agg(distinct levering_id) as leveringen
    from deel
    where not is_heel or subsector = ''
    group by energiebeeld, land, gebied, jaar, beeld, rollup (drager)
    having count(*) = count(waarde)
)
select vraag.energiebeeld, vraag.land, vraag.gebied, vraag.drager, vraag.jaar, vraag.beeld, vraag.indeling, vraag.soort,
    1000 * vraag.waarde / inwoners.waarde as waarde, vraag.leveringen || inwoners.levering_id as leveringen
from vraag
join cijfer inwoners
    on inwoners.energiebeeld = vraag.energiebeeld and inwoners.indicator = 'inwoners' and inwoners.gebied = vraag.gebied
    and inwoners.jaar = vraag.jaar and inwoners.beeld = vraag.beeld
where inwoners.waarde > 0
