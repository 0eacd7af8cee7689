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
),
regio as (
    select
        lid.ouder_code as code,
        min(lid.ouder_naam) as naam,
        st_multi(st_union(gemeente.geometrie)) as geometrie,
        count(*) as gemeenten,
        string_agg(distinct provincie.ouder_naam, ', ' order by provincie.ouder_naam) as provincies,
        max(lid.geldig_vanaf) as geldig_vanaf,
        min(lid.geldig_tot) as geldig_tot
    from gemeente
    join ouder lid on lid.kind_code = gemeente.code and lid.ouder_soort = 'REGIO'
    left join ouder provincie on provincie.kind_code = gemeente.code and provincie.ouder_soort = 'PROVINCIE'
    group by lid.ouder_code
)
select
    code as id,
    geometrie,
    code,
    naam,
    gemeenten as aantal_gemeenten,
    provincies,
    round((st_area(geometrie) / 10000)::numeric, 2)::double precision as oppervlakte_ha,
    geldig_vanaf,
    geldig_tot
from regio
