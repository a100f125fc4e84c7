import { isLongRun } from './trialSize.ts';

/** When the server is killed: at any moment of the lecture, while it writes a segment, uploads one or starts, or as the lecture ends. */
export type KillMoment = 'live' | 'writing' | 'uploading' | 'starting' | 'ending';

/** The kills between two times that the lecture is live; all but the first hit a starting server. */
export type KillRound = readonly KillMoment[];

export interface Scenario {
  source: 'RTMP' | 'browser';
  store: 'folder' | 'S3';
}

const allScenarios: readonly Scenario[] = [
  { source: 'RTMP', store: 'folder' },
  { source: 'RTMP', store: 'S3' },
  { source: 'browser', store: 'folder' },
  { source: 'browser', store: 'S3' },
];

/** In the short form one lecture; `stopping.long.trial.ts` restarts one from a browser, `storeOutage.long.trial.ts` kills one whose uploads wait. */
const shortPlans: Partial<Record<`${Scenario['source']} ${Scenario['store']}`, readonly KillRound[]>> = {
  'RTMP folder': [['writing', 'starting'], ['ending']],
};

const longKills = Number(process.env.LECTERN_TRIAL_KILLS ?? 25);

export const scenarios = isLongRun ? allScenarios : allScenarios.filter(({ source, store }) => shortPlans[`${source} ${store}`]);

export function killPlan({ source, store }: Scenario, random: () => number): readonly KillRound[] {
  if (!isLongRun) return shortPlans[`${source} ${store}`] ?? [];
  const rounds: KillRound[] = [];
  for (let left = longKills - 1; left > 0; ) {
    const first = random() < 0.4 ? 'live' : random() < 0.5 ? 'writing' : 'uploading';
    const round: KillRound = left > 1 && random() < 0.3 ? [first, 'starting'] : [first];
    rounds.push(round);
    left -= round.length;
  }
  return [...rounds, ['ending']];
}
