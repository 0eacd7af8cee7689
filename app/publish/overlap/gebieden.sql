-- The gebieden of today in small parts, from the temporary table gebied_vorm (code, geometrie): makes gebied_deel (nr, code, deel).
create temp table gebied_deel as
select (dense_rank() over (order by code))::integer - 1 as nr, code, deel.geom as deel
from gebied_vorm cross join lateral ST_Subdivide(geometrie, {vertices}) as deel (geom);
create index on gebied_deel using gist (deel);
analyze gebied_deel;

-- What the ground of each layer is made of, the gebieden too; what did not change since the publication before is not measured again.
insert into {lagen} select laag, md5(sleutel::text || {gebieden_sleutel})::uuid from {lagen_van_opgaven};
