with peil as (
    select max(geldig_vanaf) as datum from facts.current_gebied where soort = 'PROVINCIE'
),
provincie as (
    select distinct on (gebied.code) gebied.*
    from facts.current_gebied gebied, peil
    where gebied.soort = 'PROVINCIE'
        and gebied.geldig_vanaf <= peil.datum
        and (gebied.geldig_tot is null or gebied.geldig_tot > peil.datum)
    order by gebied.code, gebied.geldig_vanaf desc
),
sleutelpeil as (
    select max(geldig_vanaf) as datum from facts.current_gebied_relatie where ouder_soort = 'PROVINCIE'
),
telling as (
    select relatie.ouder_code, count(distinct relatie.kind_code) as gemeenten
    from facts.current_gebied_relatie relatie, sleutelpeil
    where relatie.ouder_soort = 'PROVINCIE'
        and relatie.geldig_vanaf <= sleutelpeil.datum
        and (relatie.geldig_tot is null or relatie.geldig_tot > sleutelpeil.datum)
    group by relatie.ouder_code
)
select
    provincie.code as id,
    provincie.geometrie,
    provincie.code,
    provincie.naam,
    telling.gemeenten as aantal_gemeenten,
    round((st_area(provincie.geometrie) / 10000)::numeric, 2)::double precision as oppervlakte_ha,
    provincie.geldig_vanaf,
    provincie.geldig_tot
from provincie
left join telling on telling.ouder_code = provincie.code
