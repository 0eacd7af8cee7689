select code as id, geometrie, eigenschappen from overlapkaart where laag = 'gemeenten'
