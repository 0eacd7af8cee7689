/** Where the map opens: on the land, and as far around it as needed for what is switched on. */
import type {Extent, Layer} from '../contents';

const NETHERLANDS: Extent = [3.2, 50.7, 7.3, 53.6];
/** How much of its own size the land may make room for; areas at sea can lie hundreds of kilometres away. */
const ROOM = 0.2;

export function firstView(ground: Layer[], visible: Layer[]): Extent {
    const land = union(ground);
    const shown = union(visible);
    if (!land || !shown) return land ?? shown ?? NETHERLANDS;
    const [width, height] = [land[2] - land[0], land[3] - land[1]];
    const most: Extent = [land[0] - ROOM * width, land[1] - ROOM * height, land[2] + ROOM * width, land[3] + ROOM * height];
    return [
        Math.max(most[0], Math.min(land[0], shown[0])),
        Math.max(most[1], Math.min(land[1], shown[1])),
        Math.min(most[2], Math.max(land[2], shown[2])),
        Math.min(most[3], Math.max(land[3], shown[3])),
    ];
}

function union(layers: Layer[]): Extent | null {
    const extents = layers.flatMap((layer) => (layer.extent ? [layer.extent] : []));
    const side = (index: 0 | 1 | 2 | 3, choose: (...values: number[]) => number): number => choose(...extents.map((extent) => extent[index]));
    return extents.length ? [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)] : null;
}
