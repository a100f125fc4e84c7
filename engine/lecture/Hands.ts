import type { LectureEventBody, Participant, ParticipantId } from '../contract/index.ts';
import { requireRole } from './AccessPolicy.ts';
import type { Roster } from './Roster.ts';

export interface HandsOptions {
  roster: Roster;
  /** The lecture clock. */
  nowMs: () => number;
  record: (event: LectureEventBody) => void;
}

/** In charge of the raised hands of one lecture. */
export class Hands {
  readonly #options: HandsOptions;

  constructor(options: HandsOptions) {
    this.#options = options;
  }

  /** Idempotent. @throws CodedError `participant.notFound`; `access.denied` for the hand of somebody else */
  set(participantId: ParticipantId, isHandRaised: boolean, by: Participant): void {
    const { roster, nowMs, record } = this.#options;
    const participant = roster.get(participantId);
    if (by.id !== participantId) requireRole(by, 'hand.lowerOthers');
    if (participant.isHandRaised === isHandRaised) return;
    roster.update(participantId, { isHandRaised, handRaisedAtMs: isHandRaised ? nowMs() : null });
    record({ type: isHandRaised ? 'hand.raised' : 'hand.lowered', data: { participantId, userId: participant.userId } });
  }

  /** Lowers every hand. @throws CodedError `access.denied` */
  lowerAll(by: Participant): void {
    requireRole(by, 'hand.lowerOthers');
    for (const { id, isHandRaised } of this.#options.roster.people()) if (isHandRaised) this.set(id, false, by);
  }
}
