-- Over the newest concept lies what each gedragen version says itself, not the concept that it once was made on; where two overlap,
-- the one that was gedragen last is on top.
insert into laag
with deel as (
    select actueel.energiebeeld, laag.door, actueel.rang, laag.laag, laag.levering_id, laag.van
    from actueel
    join laag on laag.energiebeeld = actueel.gedragen
    join facts.energiebeeld beeld on beeld.levering_id = laag.levering_id and beeld.id = laag.van
    where beeld.status <> 'CONCEPT' or beeld.gebied <> actueel.gebied
    union all
    select actueel.energiebeeld, laag.door, max(rang) + 1, laag.laag, laag.levering_id, laag.van
    from actueel join laag on laag.energiebeeld = actueel.concept
    group by actueel.energiebeeld, laag.door, laag.laag, laag.levering_id, laag.van
)
select energiebeeld, door, dense_rank() over (partition by energiebeeld order by rang, laag), levering_id, van from deel;
