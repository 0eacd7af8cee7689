-- Ground per gebied, techniek and year, from the best that is known:
--   GEMETEN   polygons, cut at the border of gemeenten; for netto their union
--   OPGAVE    the area that a source states of an object that lies in no such polygon
--   KENGETAL  capacity times key figure, for the capacity that the objects above do not have
-- So nothing counts twice: of a figure of 20 MWp with a measured field of 5 MWp, the key figure does 15. Where the capacity of a measured
-- polygon is unknown, the key figure is left out in that gemeente for that year. A beeld of the future has key figures only.
with voorziening as (
    select object.*, ST_Dimension(geometrie) = 2 as is_vlak
    from object
    -- Panels on a roof take no ground.
    where coalesce(status, 'BESTAAND') = 'BESTAAND' and techniek is not null and techniek not in ('ZON_DAK', 'NETVLAK_LS')
        and ST_Dimension(geometrie) in (0, 2)
),
binnen as (
    select punt.nummer as punt, min(vlak.nummer) as vlak
    from voorziening punt
    join voorziening vlak
        on vlak.is_vlak and vlak.land = punt.land and vlak.techniek = punt.techniek and vlak.jaar = punt.jaar
        and ST_Intersects(vlak.geometrie, punt.geometrie)
    where not punt.is_vlak
    group by punt.nummer
),
vlak as (
    select voorziening.land, deel.gebied, voorziening.techniek, voorziening.jaar,
        sum(deel.maat) / 10000 as bruto, ST_Area(ST_Union(deel.geometrie)) / 10000 as netto, count(distinct nummer) as vlakken,
        array_agg(distinct voorziening.levering_id) as leveringen
    from voorziening join deel using (nummer)
    where is_vlak
    group by voorziening.land, deel.gebied, voorziening.techniek, voorziening.jaar
),
-- The objects whose ground is known: what they can do, and what their source states of them when they are not measured.
bekend as (
    select voorziening.*, binnen.vlak is not null as in_vlak,
        is_vlak and exists (select from binnen where binnen.vlak = voorziening.nummer) as heeft_punt
    from voorziening left join binnen on binnen.punt = voorziening.nummer
    where is_vlak or binnen.vlak is not null or oppervlakte_ha is not null
),
kan as (
    select land, gebied, techniek, jaar,
        coalesce(sum(oppervlakte_ha) filter (where not is_vlak and not in_vlak), 0) as opgave,
        count(*) filter (where not is_vlak and not in_vlak) as opgaven,
        coalesce(sum(vermogen_mw) filter (where not heeft_punt), 0) as mw,
        coalesce(sum(vermogen_piek_mwp) filter (where not heeft_punt), 0) as mwp,
        count(*) filter (where not heeft_punt) as aantal,
        bool_or(is_vlak and not heeft_punt and vermogen_mw is null) as mw_onbekend,
        bool_or(is_vlak and not heeft_punt and vermogen_piek_mwp is null) as mwp_onbekend,
        array_agg(distinct levering_id) as leveringen
    from bekend
    group by land, gebied, techniek, jaar
),
-- A polygon can lie in more gemeenten than the one that its capacity is counted in.
grond as (
    select coalesce(vlak.land, kan.land) as land, coalesce(vlak.gebied, kan.gebied, coalesce(vlak.land, kan.land) || '-NTI') as gebied,
        coalesce(vlak.techniek, kan.techniek) as techniek, coalesce(vlak.jaar, kan.jaar) as jaar,
        coalesce(vlak.bruto, 0) as bruto, coalesce(vlak.netto, 0) as netto, coalesce(vlak.vlakken, 0) as vlakken,
        coalesce(kan.opgave, 0) as opgave, coalesce(kan.opgaven, 0) as opgaven,
        coalesce(kan.mw, 0) as mw, coalesce(kan.mwp, 0) as mwp, coalesce(kan.aantal, 0) as aantal,
        coalesce(kan.mw_onbekend, false) as mw_onbekend, coalesce(kan.mwp_onbekend, false) as mwp_onbekend,
        coalesce(vlak.leveringen, '{}') || coalesce(kan.leveringen, '{}') as leveringen
    from vlak
    full join kan
        on kan.land = vlak.land and coalesce(kan.gebied, '') = coalesce(vlak.gebied, '') and kan.techniek = vlak.techniek
        and kan.jaar = vlak.jaar
),
-- Larger gebieden of which every gemeente has its capacity: those add up by themselves.
vol as (
    select concat_ws('|', cijfer.energiebeeld, cijfer.indicator, cijfer.techniek, cijfer.jaar, cijfer.beeld, ouder_ooit.ouder) as sleutel
    from cijfer
    join ouder_ooit on ouder_ooit.land = cijfer.land and ouder_ooit.gemeente = cijfer.gebied
    join afleidbaar on afleidbaar.land = ouder_ooit.land and afleidbaar.gebied = ouder_ooit.ouder
    where cijfer.waarde is not null and cijfer.subsector = ''
        and (cijfer.techniek, cijfer.indicator) in (select techniek, indicator from kengetal where ruimtebeslagsoort = 'DIRECT')
    group by 1, afleidbaar.gemeenten
    having count(distinct cijfer.gebied) >= afleidbaar.gemeenten
),
-- Capacity per gebied. Of several directions (in and out of a battery) one counts.
gekozen as (
    select cijfer.*, kengetal.eenheid as per, kengetal.onder, kengetal.midden, kengetal.boven, kengetal.tekst,
        min(cijfer.richting) over hier as eerste_richting
    from cijfer
    join geldig_kengetal kengetal
        on kengetal.ruimtebeslagsoort = 'DIRECT' and kengetal.techniek = cijfer.techniek and kengetal.indicator = cijfer.indicator
        and kengetal.land = cijfer.land and kengetal.gebied = cijfer.gebied
    where cijfer.subsector = ''
    window hier as (partition by cijfer.energiebeeld, cijfer.gebied, cijfer.indicator, cijfer.techniek, cijfer.jaar, cijfer.beeld)
),
vermogen as (
    select energiebeeld, land, gebied, techniek, jaar, beeld, per, onder, midden, boven, tekst,
        max(indeling) as indeling, min(soort) as soort, sum(waarde) as waarde, array_agg(distinct levering_id) as leveringen
    from gekozen
    where richting = eerste_richting
        and concat_ws('|', energiebeeld, indicator, techniek, jaar, beeld, gebied) not in (select sleutel from vol)
    group by energiebeeld, land, gebied, techniek, jaar, beeld, per, onder, midden, boven, tekst
    having count(*) = count(waarde)
),
samen as (
    select coalesce(vermogen.energiebeeld, grond.energiebeeld) as energiebeeld, coalesce(vermogen.land, grond.land) as land,
        coalesce(vermogen.gebied, grond.gebied) as gebied, coalesce(vermogen.techniek, grond.techniek) as techniek,
        coalesce(vermogen.jaar, grond.jaar) as jaar, coalesce(vermogen.beeld, grond.beeld) as beeld,
        vermogen.indeling, coalesce(vermogen.soort, 'REALISATIE') as soort, vermogen.waarde is null as dekkend,
        coalesce(grond.bruto, 0) + coalesce(grond.opgave, 0) as bruto, coalesce(grond.netto, 0) + coalesce(grond.opgave, 0) as netto,
        coalesce(grond.vlakken, 0) as vlakken, coalesce(grond.opgaven, 0) as opgaven,
        case
            when vermogen.waarde is null then 0
            when vermogen.per = 'aantal' then greatest(vermogen.waarde - coalesce(grond.aantal, 0), 0)
            when vermogen.per = 'MWp' then case when grond.mwp_onbekend then 0 else greatest(vermogen.waarde - coalesce(grond.mwp, 0), 0) end
            when grond.mw_onbekend then 0
            else greatest(vermogen.waarde - coalesce(grond.mw, 0), 0)
        end as overig,
        coalesce(vermogen.onder, 0) as onder, coalesce(vermogen.midden, 0) as midden, coalesce(vermogen.boven, 0) as boven, vermogen.tekst,
        coalesce(vermogen.leveringen, '{}') || coalesce(grond.leveringen, '{}') as leveringen
    from vermogen
    full join (select *, 'HUIDIG' as beeld from grond join voor_land using (land)) as grond
        on grond.energiebeeld = vermogen.energiebeeld and grond.gebied = vermogen.gebied and grond.techniek = vermogen.techniek
        and grond.jaar = vermogen.jaar and grond.beeld = vermogen.beeld
)
select samen.energiebeeld, samen.land, samen.gebied, maat.indicator, samen.techniek, samen.jaar, samen.beeld, samen.indeling, samen.soort,
    samen.dekkend, maat.grond + overig * midden as waarde,
    case when overig > 0 and onder < boven then maat.grond + overig * onder end as ondergrens,
    case when overig > 0 and onder < boven then maat.grond + overig * boven end as bovengrens,
    case
        when overig > 0 or vlakken = 0 and opgaven = 0 then 'GESCHAT'
        when opgaven > 0 then 'GEREGISTREERD'
        else 'GEMETEN'
    end as kwaliteit,
    concat_ws(
        '; ',
        case when vlakken > 0 then format('Gemeten in RD, terreinen: %s', vlakken) end,
        case when opgaven > 0 then format('Opgave van de bron, objecten: %s', opgaven) end,
        case when overig > 0 or vlakken = 0 and opgaven = 0 then samen.tekst end
    ) as methode,
    samen.leveringen
from samen
cross join lateral (values ('ruimtebeslag-direct-bruto', samen.bruto), ('ruimtebeslag-direct-netto', samen.netto)) as maat (indicator, grond)
