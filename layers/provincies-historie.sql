select
    provincie.code || '-' || to_char(provincie.geldig_vanaf, 'YYYY') as id,
    provincie.geometrie,
    provincie.code,
    provincie.naam,
    (
        select nullif(count(distinct relatie.kind_code), 0)
        from facts.current_gebied_relatie relatie
        where relatie.ouder_code = provincie.code
            and relatie.ouder_soort = 'PROVINCIE'
            and relatie.geldig_vanaf <= provincie.geldig_vanaf
            and (relatie.geldig_tot is null or relatie.geldig_tot > provincie.geldig_vanaf)
    ) as aantal_gemeenten,
    round((st_area(provincie.geometrie) / 10000)::numeric, 2)::double precision as oppervlakte_ha,
    provincie.geldig_vanaf,
    provincie.geldig_tot
from facts.current_gebied provincie
where provincie.soort = 'PROVINCIE'
