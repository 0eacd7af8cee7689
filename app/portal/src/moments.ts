/** The year and beeld that layers of beelden show: one choice for all that are on, because a map compares places, not years. */
import type {Layer, Moment} from './contents';
import {h} from './dom';

export interface Moments {
    root: HTMLElement;
    /** Offers the moments of these layers; hidden when none of them has any. */
    show(layers: Layer[]): void;
}

export function createMoments(chosen: Moment | null, choose: (moment: Moment) => void): Moments {
    const select = h('select', {id: 'moment'});
    const root = h('div', {class: 'moments', hidden: true}, h('label', {for: 'moment'}, 'Jaar en beeld'), select);
    let offered: Moment[] = [];
    select.addEventListener('change', () => {
        const moment = offered[Number(select.value)];
        if (moment) choose(moment);
    });
    return {
        root,
        show(layers) {
            offered = distinct(layers.flatMap((layer) => layer.moments));
            const current = offered[Number(select.value)] ?? chosen;
            select.replaceChildren(...offered.map((moment, place) => option(moment, place, isSame(moment, current))));
            root.hidden = !offered.length;
        },
    };
}

/** What a layer of beelden shows until someone chooses: the newest year of the present, or else its first moment. */
export function firstMoment(layers: Layer[]): Moment | null {
    const offered = distinct(layers.flatMap((layer) => layer.moments));
    return offered.filter((moment) => moment.beeld === 'HUIDIG').at(-1) ?? offered[0] ?? null;
}

export function isSame(one: Moment | null, other: Moment | null): boolean {
    return one?.jaar === other?.jaar && one?.beeld === other?.beeld;
}

function option(moment: Moment, place: number, selected: boolean): HTMLElement {
    return h('option', {value: place, selected}, `${moment.jaar} · ${moment.naam}`);
}

function distinct(moments: Moment[]): Moment[] {
    const found = new Map(moments.map((moment) => [`${moment.jaar}/${moment.beeld}`, moment]));
    const rank = (moment: Moment): string => `${moment.jaar}/${moment.beeld === 'HUIDIG' ? '' : moment.naam}`;
    return [...found.values()].sort((one, other) => rank(one).localeCompare(rank(other)));
}
