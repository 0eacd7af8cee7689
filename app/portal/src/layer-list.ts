/** The list of layers by theme: a switch, a legend when the layer is on, and the way to its data. */
import {at} from './address';
import type {Contents, Layer, Theme} from './contents';
import {drawing, h} from './dom';
import {formatCount} from './format';

export interface ListEvents {
    switched(layer: Layer, on: boolean): void;
    sought(layer: Layer): void;
}

export interface LayerList {
    root: HTMLElement;
    /** Just the legends of these layers, for an iframe that has chosen them. */
    compact(layers: Layer[]): HTMLElement;
}

export function createLayerList(contents: Contents, visible: ReadonlySet<string>, events: ListEvents): LayerList {
    const shelves = contents.themes.map((theme) => createShelf(theme, visible, events));
    const nothing = h('p', {class: 'nothing', role: 'status', hidden: true}, 'Geen kaartlaag met die naam.');
    const search = h('input', {type: 'search', id: 'zoek-laag', placeholder: 'Zoek een kaartlaag', autocomplete: 'off'});
    search.addEventListener('input', () => {
        const found = shelves.map((shelf) => shelf.filter(search.value.trim().toLowerCase()));
        nothing.hidden = found.some(Boolean);
    });
    const label = h('label', {for: 'zoek-laag', class: 'unseen'}, 'Zoek een kaartlaag');
    const root = h('div', {class: 'layer-list'}, h('div', {class: 'search'}, label, search), ...shelves.map((shelf) => shelf.root), nothing);
    return {root, compact};
}

interface Shelf {
    root: HTMLElement;
    filter(text: string): boolean;
}

function createShelf(theme: Theme, visible: ReadonlySet<string>, events: ListEvents): Shelf {
    const tally = h('span', {class: 'tally'});
    const count = (): void => {
        const on = theme.layers.filter((layer) => visible.has(layer.id)).length;
        tally.textContent = on ? `${on} van ${theme.layers.length} aan` : `${theme.layers.length}`;
    };
    const switched: ListEvents = {
        ...events,
        switched: (layer, on) => {
            events.switched(layer, on);
            count();
        },
    };
    const rows = theme.layers.map((layer) => ({layer, root: createRow(layer, visible.has(layer.id), switched)}));
    const opened = theme.layers.some((layer) => visible.has(layer.id));
    const root = h('details', {class: 'shelf', open: opened}, h('summary', {}, h('h2', {}, theme.title), tally), h('ul', {}, ...rows.map((row) => row.root)));
    count();
    return {
        root,
        filter(text) {
            rows.forEach((row) => (row.root.hidden = !`${row.layer.title} ${row.layer.description}`.toLowerCase().includes(text)));
            const found = rows.some((row) => !row.root.hidden);
            root.hidden = !found;
            root.open = text ? found : opened || root.open;
            return found;
        },
    };
}

function createRow(layer: Layer, on: boolean, events: ListEvents): HTMLElement {
    const box = h('input', {type: 'checkbox', role: 'switch', id: `laag-${layer.id}`, checked: on});
    const more = h('div', {class: 'more', hidden: !on}, createLegend(layer), createActions(layer, events));
    box.addEventListener('change', () => {
        more.hidden = !box.checked;
        events.switched(layer, box.checked);
    });
    const data = h('a', {class: 'data', href: dataAddress(layer), title: `Gegevens van ${layer.title}`}, h('span', {class: 'unseen'}, `Gegevens van ${layer.title}`));
    return h('li', {class: 'row'}, h('div', {class: 'switch'}, box, h('label', {for: box.id}, layer.title), data), more);
}

function createActions(layer: Layer, events: ListEvents): HTMLElement {
    const zoom = h('button', {type: 'button', class: 'text-button'}, 'Zoom naar deze laag');
    zoom.addEventListener('click', () => events.sought(layer));
    const objects = layer.count === 1 ? '1 object' : `${formatCount(layer.count)} objecten`;
    return h('p', {class: 'actions'}, h('a', {href: dataAddress(layer)}, objects), layer.extent ? zoom : null);
}

export function createLegend(layer: Layer): HTMLElement {
    return h('ul', {class: 'legend', 'aria-label': `Legenda van ${layer.title}`}, ...layer.legend.map((item) => h('li', {}, drawing(item.svg), item.title)));
}

function compact(layers: Layer[]): HTMLElement {
    const legends = layers.map((layer) => h('section', {}, h('h2', {}, h('a', {href: dataAddress(layer), target: '_blank'}, layer.title)), createLegend(layer)));
    return h('div', {class: 'compact-legend'}, ...legends);
}

function dataAddress(layer: Layer): string {
    return at(`v1/collections/${layer.id}?f=html`);
}
