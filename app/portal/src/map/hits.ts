/** Which features lie under a point of the screen: what is switched on first, the ground last. */
import type {Map as MapLibreMap, MapGeoJSONFeature, PointLike} from 'maplibre-gl';
import {Point} from 'maplibre-gl';
import type {Layer} from '../contents';

export interface Hit {
    layer: Layer;
    id: string;
    name: string | null;
    ground: boolean;
    /** How many objects the drawn one stands for; at low zooms tiles hold one for many. */
    stands: number;
}

const REACH = 5;
const MOST = 12;

export function findHits(map: MapLibreMap, at: PointLike, layers: Layer[]): Hit[] {
    const byId = new Map(layers.map((layer) => [layer.id, layer]));
    const hits = featuresAt(map, Point.convert(at)).flatMap((feature): Hit[] => {
        const layer = byId.get(feature.sourceLayer ?? '');
        return layer && feature.properties['id'] !== undefined ? [hit(layer, feature)] : [];
    });
    const distinct = new Map<string, Hit>();
    for (const each of [...hits.filter((each) => !each.ground), ...hits.filter((each) => each.ground)]) {
        const key = `${each.layer.id}/${each.id}`;
        if (!distinct.has(key)) distinct.set(key, each);
    }
    return [...distinct.values()].slice(0, MOST);
}

export function isOverSwitchedOn(map: MapLibreMap, at: Point): boolean {
    return map.queryRenderedFeatures(at).some((feature) => feature.sourceLayer !== undefined && !isGround(feature));
}

/** Points and lines are easily missed, so they count from a few pixels away; areas only where one points. */
function featuresAt(map: MapLibreMap, point: Point): MapGeoJSONFeature[] {
    const box: [PointLike, PointLike] = [point.sub(new Point(REACH, REACH)), point.add(new Point(REACH, REACH))];
    const near = map.queryRenderedFeatures(box).filter((feature) => !/Polygon$/.test(feature.geometry.type));
    const areas = map.queryRenderedFeatures(point).filter((feature) => feature.layer.type === 'fill');
    return [...near, ...areas];
}

function hit(layer: Layer, feature: MapGeoJSONFeature): Hit {
    const {properties} = feature;
    const name: unknown = layer.label === null ? null : properties[layer.label];
    return {
        layer,
        id: String(properties['id']),
        name: name === null || name === undefined ? null : String(name),
        ground: isGround(feature),
        stands: Number(properties['aantal'] ?? 1),
    };
}

function isGround(feature: MapGeoJSONFeature): boolean {
    return feature.layer.id.startsWith('ondergrond:');
}
