-- Give every row its place on the map: of the shapes that a gebied had in the division of its figures the first, or now the newest. Where
-- the shapes of that division were never delivered, the newest stands for it.
create temp table raw as
with breed as (
    select gebied, jaar, beeld, max(indeling) as indeling,
        ({verdicts}::text[])[max(oordeel)] as oordeel{pivot}
    from waarde group by gebied, jaar, beeld
),
geplaatst as (
    select distinct on (breed.gebied, breed.jaar, breed.beeld) breed.*, vorm.*
    from breed
    join vorm on vorm.code = breed.gebied
    where {beelden}
    order by breed.gebied, breed.jaar, breed.beeld,
        (vorm.geldig_vanaf <= breed.indeling and (vorm.geldig_tot is null or vorm.geldig_tot > breed.indeling)) desc,
        vorm.laag, vorm.geldig_vanaf desc
),
nu as (
    select distinct on (vorm.code) breed.*, vorm.*
    from vorm
    join bereik on bereik.code = vorm.code
    left join breed on breed.gebied = vorm.code
    where not {beelden} and vorm.geldig_tot is null
    order by vorm.code, vorm.laag, vorm.geldig_vanaf desc
),
alle as (
    select * from geplaatst union all select * from nu
),
gemeten as (
    select alle.*, round((ST_Area(geom_rd) / 10000)::numeric, 2)::double precision as oppervlakte_ha from alle
)
select
    row_number() over (order by geom_rd, gemeten.jaar, gemeten.beeld collate "C")::integer as rid,
    concat_ws('-', gemeten.code, gemeten.jaar, gemeten.beeld) as id,
    laag, vorm{columns}
from gemeten
left join keuze on keuze.gebied = gemeten.code
left join afkomst
    on afkomst.gebied = gemeten.code and afkomst.jaar is not distinct from gemeten.jaar and afkomst.beeld is not distinct from gemeten.beeld;
analyze raw;
