/** Who made what is on the map: always one line, on request with licence and peildatum of each bron. */
import type {Bron, Contents, Layer} from './contents';
import {h, outward} from './dom';
import {formatDate, licenseName} from './format';

export interface Bronnen {
    root: HTMLElement;
    show(layers: Layer[]): void;
}

export function createBronnen(contents: Contents): Bronnen {
    const ground = contents.themes.flatMap((theme) => theme.layers).filter((layer) => layer.ground);
    const summary = h('summary', {});
    const list = h('ul', {});
    const root = h('details', {}, summary, list);
    return {
        root,
        show(layers) {
            const bronnen = distinct([...layers, ...ground].flatMap((layer) => layer.bronnen));
            const names = [...new Set(bronnen.map((bron) => bron.attribution ?? bron.publisher))];
            summary.replaceChildren(h('strong', {}, 'Bronnen: '), names.join(' · ') || 'geen', contents.themes.length ? ` · publicatie ${contents.versie}` : '');
            list.replaceChildren(...bronnen.map(describe));
        },
    };
}

function distinct(bronnen: Bron[]): Bron[] {
    return [...new Map(bronnen.map((bron) => [`${bron.title}|${bron.peildatum}`, bron])).values()];
}

function describe(bron: Bron): HTMLElement {
    const facts = `${bron.publisher}, peildatum ${formatDate(bron.peildatum)}, licentie `;
    return h('li', {}, outward(bron.homepage, bron.title), ': ', facts, outward(bron.license, licenseName(bron.license)));
}
