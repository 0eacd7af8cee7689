-- The gebieden of today in small parts, from the temporary table gebied_vorm (code, geometrie): makes gebied_deel (nr, code, deel).
create temp table gebied_deel as
select (dense_rank() over (order by code))::integer - 1 as nr, code, deel.geom as deel
from gebied_vorm cross join lateral ST_Subdivide(geometrie, {vertices}) as deel (geom);
create index on gebied_deel using gist (deel);
analyze gebied_deel;

-- What the ground of each layer is made of; what did not change since the publication before is not measured again.
insert into {lagen}
select laag, md5(string_agg(sleutel, ',' order by sleutel) || {gebieden_sleutel})::uuid
from (
    select laag, vingerafdruk::text as sleutel from {opgaven}
    union all
    select laag, md5(ST_AsBinary(deel)) from {coverage}
) as delen
group by laag;
