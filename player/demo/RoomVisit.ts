import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { signalingNamespace } from '#signaling/contract';
import type { Ack, AckData, ClientToServer, RequestInput, RequestName, ServerToClient } from '#signaling/contract';
import type { LectureId } from '#engine/contract';
import type { Person } from './Person.ts';

const answerWithinMs = 10_000;

/** Someone in a live room, without a picture: what a script needs to chat and to raise a hand. */
export class RoomVisit {
  readonly socket: Socket<ServerToClient, ClientToServer>;

  private constructor(baseUrl: string) {
    this.socket = io(`${baseUrl}${signalingNamespace}`, { transports: ['websocket'], reconnection: false });
  }

  static async enter(baseUrl: string, person: Person, lectureId: LectureId): Promise<RoomVisit> {
    const { ticket } = await person.api.joinLecture({ body: { lectureId } });
    const visit = new RoomVisit(baseUrl);
    await visit.ask('room.join', { ticket });
    return visit;
  }

  async ask<N extends RequestName>(name: N, request: RequestInput<N>): Promise<AckData<N>> {
    const answer = await new Promise<Ack<N>>((resolve, reject) => {
      const emit = this.socket.timeout(answerWithinMs).emit.bind(this.socket.timeout(answerWithinMs)) as (name: string, request: unknown, ack: (err: Error | null, answer: Ack<N>) => void) => void;
      emit(name, request, (err, acknowledged) => (err ? reject(err) : resolve(acknowledged)));
    });
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
    return answer.data;
  }

  leave(): void {
    this.socket.disconnect();
  }
}
