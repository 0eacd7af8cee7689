/** The year and beeld that layers of beelden show: one choice for all that are on, because a map compares places, not years. */
import type {Layer, Moment} from './contents';
import {h} from './dom';

export interface Moments {
    root: HTMLElement;
    /** Offers the moments of these layers, and chooses one of them if the one that is shown is not among them; hidden when there are none. */
    show(layers: Layer[]): void;
}

export function createMoments(chosen: Moment | null, choose: (moment: Moment, byHand: boolean) => void): Moments {
    const select = h('select', {id: 'moment'});
    const root = h('div', {class: 'moments', hidden: true}, h('label', {for: 'moment'}, 'Jaar en beeld'), select);
    let offered: Moment[] = [];
    let current = chosen;
    select.addEventListener('change', () => {
        current = offered[Number(select.value)] ?? current;
        if (current) choose(current, true);
    });
    return {
        root,
        show(layers) {
            offered = distinct(layers.flatMap((layer) => layer.moments));
            if (offered.length && !offered.some((moment) => isSame(moment, current))) {
                current = firstOf(offered);
                choose(current, false);
            }
            select.replaceChildren(...offered.map((moment, place) => option(moment, place, isSame(moment, current))));
            root.hidden = !offered.length;
        },
    };
}

/** What is shown until someone chooses: the newest year of the present, or else the first moment there is. */
function firstOf(offered: Moment[]): Moment {
    return offered.filter((moment) => moment.beeld === 'HUIDIG').at(-1) ?? (offered[0] as Moment);
}

function isSame(one: Moment | null, other: Moment | null): boolean {
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
