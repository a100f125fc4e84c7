import type { Named } from '#engine/kernel';
import type { RouteName } from '../../contract/index.ts';
import type { Outcome } from './expectedOutcome.ts';
import type { Subject, Target } from './matrixWorld.ts';

const passkey = { id: 'AAAA', rawId: 'AAAA', clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', attestationObject: 'AAAA' };
const provider = { providerId: 'campus' };

/** Fields whose generic example (`exampleOf`) the route does not accept, by route. A new route is called with generic examples. */
export const routeExamples: Partial<Record<RouteName, Named>> = {
  previewSeries: { startTime: '10:00', count: 1 },
  createSeries: { startTime: '10:00', count: 1 },
  getCalendar: { before: '2030-01-08T09:00:00.000Z' },
  addCaptions: { language: 'en' },
  createClip: { startMs: 0, endMs: 10_000 },
  updateCaptions: { language: 'en', cues: [] },
  addLink: { url: 'https://example.org' },
  completeLogin: { code: '123456' },
  addTotp: { code: '123456' },
  loginWithPasskey: passkey,
  addPasskey: passkey,
  startProviderLogin: provider,
  finishProviderLogin: provider,
  startLink: provider,
  finishLink: provider,
  // A list in one text, separated by commas.
  listLecturePeople: { userIds: `usr_${'0'.repeat(20)}` },
};

/** Routes for every account whose path names what belongs to no account: a public image. */
export const forEveryAccount: ReadonlySet<RouteName> = new Set<RouteName>([]);

/**
 * Routes whose handler knows a rule beyond the table, as the outcome for those to whom it applies. Each is about the thing itself,
 * not about a role: a rule about roles belongs into `routeAccess`.
 */
export const ownRules: Partial<Record<RouteName, (cell: { subject: Subject; target: Target }) => Outcome | undefined>> = {
  // A removed person comes back by a new invitation only.
  enrol: notRemoved,
  joinWaitingList: notRemoved,
  sendRequest: notRemoved,
  // Every course has one owner.
  leaveCourse: ({ subject, target }) => ((subject === 'owner' && target === 'own') || (subject === 'other owner' && target === 'other') ? 'refused' : undefined),
  acceptInvitation: ({ subject }) => (subject === 'owner' ? 'refused' : undefined),
};

function notRemoved({ subject, target }: { subject: Subject; target: Target }): Outcome | undefined {
  return subject === 'removed' && target === 'own' ? 'refused' : undefined;
}
