-- Take one dimension as a whole: at every place that a column asks for, the figures that are not part of another one there, added up.
-- What is missing makes the sum missing; delen names what is in it, and eigen says that it was delivered for the place itself. What does not add up is only found at its own place.
create temp table {target} as
select {kept}, plek as {dimension}, max(indeling) as indeling, max(oordeel) as oordeel, string_agg(delen, ',') as delen,
    bool_and(eigen and {dimension} = plek) as eigen,
    case when bool_and(waarde is not null or los) then sum(waarde order by {dimension}) end as waarde, bool_and(los) as los
from (
    select onder.*, stam.plek, stam.boven, array_agg(onder.{dimension}) over (partition by {kept}, stam.plek) as samen
    from {source} onder
    join (select distinct indicator, {dimension} as gevraagd, som from kolom) as gevraagd using (indicator)
    join stam on stam.lijst = {lijst} and stam.code = onder.{dimension} and stam.plek = gevraagd
    where som or stam.plek = onder.{dimension}
) as kandidaat
where not boven && samen
group by {kept}, plek;
