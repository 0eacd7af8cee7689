select object.land, deel.gebied, 'ELEKTRICITEIT' as drager, object.netvlak as techniek, max(object.jaar) as jaar,
    sum(deel.maat) / 1000 as waarde, array_agg(distinct object.levering_id) as leveringen
from object join deel using (nummer)
where object.collection = 'hoogspanningsverbindingen'
    and object.eigenschappen->>'herkomst' is distinct from 'NETMODEL'
    and coalesce(object.status, 'BESTAAND') = 'BESTAAND'
    and object.netvlak <> 'NETVLAK_LS'
group by object.land, deel.gebied, object.netvlak
