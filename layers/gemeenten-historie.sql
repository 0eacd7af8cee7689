select
    gemeente.code || '-' || to_char(gemeente.geldig_vanaf, 'YYYY') as id,
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
from facts.current_gebied gemeente
left join lateral (
    select relatie.ouder_code, relatie.ouder_naam
    from facts.current_gebied_relatie relatie
    where relatie.kind_code = gemeente.code
        and relatie.ouder_soort = 'PROVINCIE'
        and relatie.geldig_vanaf <= gemeente.geldig_vanaf
        and (relatie.geldig_tot is null or relatie.geldig_tot > gemeente.geldig_vanaf)
    order by relatie.geldig_vanaf desc
    limit 1
) provincie on true
left join lateral (
    select relatie.ouder_code, relatie.ouder_naam
    from facts.current_gebied_relatie relatie
    where relatie.kind_code = gemeente.code
        and relatie.ouder_soort = 'REGIO'
        and relatie.geldig_vanaf <= gemeente.geldig_vanaf
        and (relatie.geldig_tot is null or relatie.geldig_tot > gemeente.geldig_vanaf)
    order by relatie.geldig_vanaf desc
    limit 1
) regio on true
where gemeente.soort = 'GEMEENTE'
