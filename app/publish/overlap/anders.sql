-- The gebieden that an object which changed has or had signals in (te_tellen); in all others the counts are as they were.
create temp table te_tellen as
select distinct gebied.code
from gebied_deel gebied
join (
    select geometrie from {signalen_toen} where (object_laag, object_id) in (select laag, id from veranderd where soort = 'object' and was)
    union all
    select geometrie from {eigen} where (object_laag, object_id) in (select laag, id from te_toetsen)
) as signaal on ST_Intersects(gebied.deel, signaal.geometrie);
