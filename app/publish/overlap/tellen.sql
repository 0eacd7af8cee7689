-- Which signals lie in each gebied that is to be counted (getroffen); what no more than touches a border does not count.
create temp table getroffen as
select distinct gebied.code, signaal.id, signaal.object_laag, signaal.object_id, signaal.opgave_laag as laag, signaal.beperking, signaal.ernst
from {signalen} signaal
join (select code, deel from gebied_deel join te_tellen using (code)) as gebied on ST_Intersects(gebied.deel, signaal.geometrie)
where not signaal.randraak;
analyze getroffen;

-- How many energy objects are hit in each gebied, by severity.
with telling as (
    select code, laag, beperking,
        count(distinct (object_laag, object_id)) filter (where ernst = 'UITSLUITING') as uitsluiting,
        count(distinct (object_laag, object_id)) filter (where ernst = 'ZWAARWEGEND') as zwaarwegend,
        count(distinct (object_laag, object_id)) filter (where ernst = 'AANDACHTSPUNT') as aandachtspunt,
        count(distinct (object_laag, object_id)) filter (where ernst = 'KOPPELKANS') as koppelkans
    from getroffen
    group by code, laag, beperking
),
bijgewerkt as (
    update {gebieden} maat
    set uitsluiting = telling.uitsluiting, zwaarwegend = telling.zwaarwegend, aandachtspunt = telling.aandachtspunt,
        koppelkans = telling.koppelkans
    from telling
    where maat.code = telling.code and maat.laag = telling.laag and maat.beperking = telling.beperking
    returning maat.code, maat.laag, maat.beperking
)
-- An opgave can mean something for an object in a gebied that it does not lie in itself.
insert into {gebieden} (code, laag, beperking, m2, gedekt, uitsluiting, zwaarwegend, aandachtspunt, koppelkans)
select code, laag, beperking, 0, 0, uitsluiting, zwaarwegend, aandachtspunt, koppelkans
from telling where (code, laag, beperking) not in (select code, laag, beperking from bijgewerkt);
