with peil as (
    select max(geldig_vanaf) as datum from facts.current_gebied where soort = 'GEMEENTE'
),
gemeente as (
    select distinct on (gebied.code) gebied.*
    from facts.current_gebied gebied, peil
    where gebied.soort = 'GEMEENTE'
        and gebied.geldig_vanaf <= peil.datum
        and (gebied.geldig_tot is null or gebied.geldig_tot > peil.datum)
    order by gebied.code, gebied.geldig_vanaf desc
),
ouder as (
    select distinct on (relatie.kind_code, relatie.ouder_soort) relatie.*
    from facts.current_gebied_relatie relatie, peil
    where relatie.geldig_vanaf <= peil.datum
        and (relatie.geldig_tot is null or relatie.geldig_tot > peil.datum)
    order by relatie.kind_code, relatie.ouder_soort, relatie.geldig_vanaf desc
)
select
    gemeente.code as id,
    gemeente.geometrie,
    gemeente.code,
    gemeente.naam,
    provincie.ouder_code as provincie_code,
    provincie.ouder_naam as provincie_naam,
    regio.ouder_code as regio_code,
    regio.ouder_naam as regio_naam,
    round((st_area(gemeente.geometrie) / 10000)::numeric, 2)::double precision as oppervlakte_ha,
    gemeente.geldig_vanaf,
    gemeente.geldig_tot
from gemeente
left join ouder provincie on provincie.kind_code = gemeente.code and provincie.ouder_soort = 'PROVINCIE'
left join ouder regio on regio.kind_code = gemeente.code and regio.ouder_soort = 'REGIO'
