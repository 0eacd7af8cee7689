with regio as (
    select
        lid.ouder_code as code,
        min(lid.ouder_naam) as naam,
        st_multi(st_union(gemeente.geometrie)) as geometrie,
        count(*) as gemeenten,
        string_agg(distinct provincie.ouder_naam, ', ' order by provincie.ouder_naam) as provincies,
        lid.geldig_vanaf,
        min(lid.geldig_tot) as geldig_tot
    from facts.current_gebied_relatie lid
    join facts.current_gebied gemeente
        on gemeente.code = lid.kind_code
        and gemeente.soort = 'GEMEENTE'
        and gemeente.geldig_vanaf <= lid.geldig_vanaf
        and (gemeente.geldig_tot is null or gemeente.geldig_tot > lid.geldig_vanaf)
    left join facts.current_gebied_relatie provincie
        on provincie.kind_code = lid.kind_code
        and provincie.ouder_soort = 'PROVINCIE'
        and provincie.geldig_vanaf = lid.geldig_vanaf
    where lid.ouder_soort = 'REGIO'
    group by lid.ouder_code, lid.geldig_vanaf
)
select
    code || '-' || to_char(geldig_vanaf, 'YYYY') as id,
    geometrie,
    code,
    naam,
    gemeenten as aantal_gemeenten,
    provincies,
    round((st_area(geometrie) / 10000)::numeric, 2)::double precision as oppervlakte_ha,
    geldig_vanaf,
    geldig_tot
from regio
