-- The gebiedsopgaven of a publication, from the temporary table opgave (laag, id, naam, beperking, hardheid, gezag, hoogte_max_m,
-- nauwkeurigheid_m, geldig_vanaf, geldig_tot, kenmerken, geometrie, levering_id): {opgaven} has a row for each of them, {delen} the ground
-- they cover, in parts of so few vertices that no overlay takes long. A class of a raster is an opgave without geometry.
create table {opgaven} as
select row_number() over (order by opgave.laag, opgave.id)::integer as nr, opgave.laag, opgave.id, opgave.naam, opgave.beperking,
    opgave.hardheid, opgave.gezag, opgave.hoogte_max_m, opgave.nauwkeurigheid_m, opgave.geldig_vanaf, opgave.geldig_tot, opgave.kenmerken,
    coalesce(opgave.levering_id, feit.levering_id) as levering_id,
    md5(concat_ws(
        '|', opgave.laag, opgave.id, opgave.naam, opgave.beperking, opgave.hardheid, opgave.gezag, opgave.hoogte_max_m,
        opgave.nauwkeurigheid_m, opgave.geldig_vanaf, opgave.geldig_tot, opgave.kenmerken::text, md5(ST_AsBinary(opgave.geometrie))
    ))::uuid as vingerafdruk
from opgave
left join facts.current_object feit on feit.collection = opgave.laag and feit.object_id = opgave.id
where opgave.beperking is not null;
alter table {opgaven} add primary key (nr);

create table {delen} as
select nummer.nr, nummer.beperking, deel.geom as deel
from {opgaven} nummer join opgave using (laag, id)
cross join lateral ST_Subdivide(opgave.geometrie, {vertices}) as deel (geom);
create index on {delen} using gist (deel);
create index on {delen} (beperking);
create index on {delen} (nr);

-- Where each layer is known to be complete; of a gebied the newest division counts.
create table {dekking} as
with gebied as (
    select distinct on (code) code, geometrie from facts.current_gebied where geometrie is not null order by code, geldig_vanaf desc
)
select brondekking.collection as laag, brondekking.levering_id, deel.geom as deel
from facts.current_brondekking brondekking
left join gebied on gebied.code = brondekking.gebied
cross join lateral ST_Subdivide(coalesce(brondekking.geometrie, gebied.geometrie), {vertices}) as deel (geom)
where brondekking.collection = any ({layers});
create index on {dekking} using gist (deel);

-- Whose rules hold where.
create table {provincies} as
select code, deel.geom as deel
from (
    select distinct on (code) code, geometrie from facts.current_gebied
    where soort = 'PROVINCIE' and geometrie is not null order by code, geldig_vanaf desc
) as provincie
cross join lateral ST_Subdivide(geometrie, {vertices}) as deel (geom);
create index on {provincies} using gist (deel);

-- What the ground under each layer is made of: when none of it changes, that ground need not be measured again.
create table {lagen} as
select laag, md5(string_agg(sleutel, ',' order by sleutel))::uuid as sleutel
from (
    select laag, vingerafdruk::text as sleutel from {opgaven}
    union all
    select laag, md5(ST_AsBinary(deel)) from {dekking}
) as delen
group by laag;

grant select on {opgaven}, {delen}, {dekking}, {provincies}, {lagen} to energiebeeld_read;
