/** When the server is killed: at any moment of the lecture, at a write, on the way into the store, while it starts again, as the lecture ends. */
export type KillMoment = 'live' | 'writing' | 'uploading' | 'starting' | 'ending';

/** The kills between two times that the lecture flows; all but the first hit a server that starts. */
export type KillRound = readonly KillMoment[];

export interface SceneKind {
  source: 'RTMP' | 'browser';
  store: 'folder' | 'S3';
}

export const scenes: readonly SceneKind[] = [
  { source: 'RTMP', store: 'folder' },
  { source: 'RTMP', store: 'S3' },
  { source: 'browser', store: 'folder' },
  { source: 'browser', store: 'S3' },
];

/** Ten kills, of each kind in each source. */
const shortPlans: Record<`${SceneKind['source']} ${SceneKind['store']}`, readonly KillRound[]> = {
  'RTMP folder': [['live', 'starting'], ['ending']],
  'RTMP S3': [['uploading'], ['ending']],
  'browser folder': [['writing', 'starting']],
  'browser S3': [['live'], ['uploading'], ['ending']],
};

export interface PlanOptions {
  /** How many kills each scene gets; the ten of `npm test` when left out. */
  killsPerScene: number | undefined;
  random: () => number;
}

export function killPlan({ source, store }: SceneKind, { killsPerScene, random }: PlanOptions): readonly KillRound[] {
  if (killsPerScene === undefined) return shortPlans[`${source} ${store}`];
  const rounds: KillRound[] = [];
  for (let left = killsPerScene - 1; left > 0; ) {
    const first = random() < 0.4 ? 'live' : random() < 0.5 ? 'writing' : 'uploading';
    const round: KillRound = left > 1 && random() < 0.3 ? [first, 'starting'] : [first];
    rounds.push(round);
    left -= round.length;
  }
  return [...rounds, ['ending']];
}
