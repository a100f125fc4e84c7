import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { CaptionTrack, ViewedCaptions } from '#api/contract';
import type { CaptionSettings } from './captionSettings.ts';

export type ShownCue = ViewedCaptions['cues'][number];

export interface CaptionsOptions {
  tracks: readonly CaptionTrack[];
  settings: CaptionSettings;
  load: (captionId: string) => Promise<readonly ShownCue[]>;
  store: (settings: CaptionSettings) => void;
}

/** The captions of a video on its page: which are shown, and how. Positions are in edited time. Owns the cues that were loaded. */
export class Captions {
  readonly tracks: readonly CaptionTrack[];
  /** Undefined: off. */
  readonly chosen: ReadonlySignal<CaptionTrack | undefined>;
  readonly settings = signal<CaptionSettings>({ language: null, size: 'medium', hasBackground: true });
  /** Of the chosen track, in order; empty until they are loaded. */
  readonly cues: ReadonlySignal<readonly ShownCue[]>;
  /** Loading the chosen captions has failed. */
  readonly hasFailed: ReadonlySignal<boolean>;
  private readonly options: CaptionsOptions;
  private readonly chosenId = signal<string | undefined>(undefined);
  private readonly loaded = signal<ReadonlyMap<string, readonly ShownCue[] | 'failed'>>(new Map());

  constructor(options: CaptionsOptions) {
    const { tracks, settings } = options;
    this.options = options;
    this.tracks = tracks;
    this.settings.value = settings;
    this.chosen = computed(() => tracks.find(({ id }) => id === this.chosenId.value));
    const found = computed(() => this.loaded.value.get(this.chosenId.value ?? ''));
    this.cues = computed(() => (found.value === undefined || found.value === 'failed' ? [] : found.value));
    this.hasFailed = computed(() => found.value === 'failed');
    this.show(settings.language === null ? undefined : matching(tracks, settings.language));
  }

  /** Undefined turns them off. The choice is remembered by its language. */
  choose(track: CaptionTrack | undefined): void {
    this.change({ language: track?.language ?? null });
    this.show(track);
  }

  /** Turns captions on, in the language that was shown last or that the page has, or off. */
  toggle(pageLanguage: string): void {
    const { language } = this.settings.value;
    this.choose(this.chosen.value ? undefined : (matching(this.tracks, this.lastLanguage ?? language ?? pageLanguage) ?? this.tracks[0]));
  }

  change(change: Partial<CaptionSettings>): void {
    this.settings.value = { ...this.settings.value, ...change };
    this.options.store(this.settings.value);
  }

  private lastLanguage: string | undefined;

  private show(track: CaptionTrack | undefined): void {
    this.chosenId.value = track?.id;
    if (!track) return;
    this.lastLanguage = track.language;
    const known = this.loaded.value.get(track.id);
    if (known !== undefined && known !== 'failed') return;
    const keep = (cues: readonly ShownCue[] | 'failed') => {
      this.loaded.value = new Map([...this.loaded.value, [track.id, cues]]);
    };
    this.options.load(track.id).then(keep, () => keep('failed'));
  }
}

/** The track in a language, or else in another form of it: `en-GB` for `en`. */
export function matching(tracks: readonly CaptionTrack[], language: string): CaptionTrack | undefined {
  const base = (tag: string) => tag.split('-')[0]?.toLowerCase();
  return tracks.find((track) => track.language === language) ?? tracks.find((track) => base(track.language) === base(language));
}

/** The cues that are shown at a moment, the one that appeared first above. */
export function cuesAt(cues: readonly ShownCue[], positionMs: number): ShownCue[] {
  return cues.filter(({ startMs, endMs }) => startMs <= positionMs && positionMs < endMs);
}

/** The last cue that has appeared; -1 before the first one. */
export function currentIndex(cues: readonly ShownCue[], positionMs: number): number {
  return cues.findLastIndex(({ startMs }) => startMs <= positionMs);
}
