import { computed, effect, signal } from '@preact/signals';
import type { Device, types } from 'mediasoup-client';
import type { JoinTicket } from '#api/contract';
import type { LectureState, Participant } from '#engine/contract';
import type { AckData, RequestInput, RequestName, RoomCloseReason, RoomSnapshot } from '#signaling/contract';
import { background } from '../app/background.ts';
import { loadDevice, receivesTheSame } from './browserDevice.ts';
import { LectureStartPoller } from './LectureStartPoller.ts';
import type { RoomSession } from './MediaLink.ts';
import { MediaReachability } from './MediaReachability.ts';
import { delayBefore, decideRetry } from './reconnectPolicy.ts';
import { othersOnAir } from './onAir.ts';
import { applyPush, createRoomState, withMessage } from './roomState.ts';
import type { RoomState } from './roomState.ts';
import { ConnectionLostError, SignalingClient } from './SignalingClient.ts';
import type { AnyPush } from './SignalingClient.ts';
import { TrackPublisher } from './TrackPublisher.ts';
import { TrackReceiver } from './TrackReceiver.ts';

export type RoomPhase =
  /** `error`: why the last attempt failed. */
  | { name: 'joining'; error?: unknown }
  /** The lecture has not started. */
  | { name: 'waiting' }
  | { name: 'joined' }
  /** The connection was lost, or the server is restarting. The page still shows the last state of the room. */
  | { name: 'reconnecting'; isServerRestarting: boolean }
  | { name: 'failed'; error: unknown }
  | { name: 'left'; reason: Exclude<RoomCloseReason, RejoinReason> };

/** The server closes the connection, and the page joins again. */
export type RejoinReason = Extract<RoomCloseReason, 'stopping' | 'moved'>;

export interface RoomConnectionOptions {
  as: Participant['kind'];
  fetchTicket: () => Promise<JoinTicket>;
  /** Polled until the lecture has started. */
  fetchState: () => Promise<LectureState>;
}

/**
 * In charge of being in the room: joins with a fresh ticket, joins again after every loss, keeps the room's state, and
 * passes each session to the receiver and the publisher. State is exposed as signals, requests are calls. Owns the
 * signaling connection, the receiver and the publisher; `close` leaves the room and closes them.
 */
export class RoomConnection {
  readonly phase = signal<RoomPhase>({ name: 'joining' });
  readonly room = signal<RoomState | undefined>(undefined);
  readonly receiver = new TrackReceiver();
  readonly publisher = new TrackPublisher();
  readonly reachability = {
    recv: new MediaReachability(() => this.attachTo(this.receiver)),
    send: new MediaReachability(() => this.attachTo(this.publisher)),
  };
  /** True while requests can be made; false while joining or reconnecting. */
  readonly isJoined = computed(() => this.phase.value.name === 'joined');
  /** This page sends video or audio, and the network lets it through. */
  readonly isBroadcasting = computed(() => this.publisher.sending.value.size > 0 && !this.reachability.send.isBlocked.value);
  /** When the connection was lost, on the clock of `performance`; undefined while it is not. */
  readonly lostAtMs = signal<number | undefined>(undefined);
  /** False if the browser has no WebRTC. The room and its chat work without it. */
  readonly hasWebRtc = signal(true);
  private readonly options: RoomConnectionOptions;
  private readonly startPoller: LectureStartPoller;
  private signaling: SignalingClient | undefined;
  private device: Device | undefined;
  private rtpCapabilities: RoomSnapshot['rtpCapabilities'] | undefined;
  private iceServers: types.TransportOptions['iceServers'] = [];
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Pushes that arrive between the response to `room.join` and the first state. */
  private earlyPushes: AnyPush[] | undefined;
  /** Counts the attempts to join, so that late responses to an earlier one are ignored. */
  private entry = 0;
  private isClosed = false;
  private readonly onOnline = () => this.retryNow();
  private readonly stopNotingBroadcast: () => void;

  constructor(options: RoomConnectionOptions) {
    this.options = options;
    this.startPoller = new LectureStartPoller({ fetchState: options.fetchState, onStarted: () => this.joinAfter(0), onFailed: (error) => this.joinFailed(error) });
    this.stopNotingBroadcast = effect(() => this.noteOwnBroadcast());
  }

  start(): void {
    addEventListener('online', this.onOnline);
    this.joinAfter(0);
  }

  /** Sends a request to the server. Fails immediately while the page is not in the room. */
  async request<N extends RequestName>(name: N, data: RequestInput<N>): Promise<AckData<N>> {
    if (!this.signaling || !this.isJoined.value) throw new ConnectionLostError(`${name}: not in the room`);
    return this.signaling.request(name, data);
  }

  async postMessage(text: string): Promise<void> {
    const { message } = await this.request('chat.post', { text });
    if (this.room.value) this.room.value = withMessage(this.room.value, message);
  }

  /** Joins again after a failure or after being replaced. */
  joinAgain(): void {
    this.attempt = 0;
    this.phase.value = this.room.value ? { name: 'reconnecting', isServerRestarting: false } : { name: 'joining' };
    this.joinAfter(0);
  }

  /** The current lecture clock in ms; undefined before the first join. */
  clockMs(): number | undefined {
    const state = this.room.value;
    return state && performance.now() + state.clockOffsetMs;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    removeEventListener('online', this.onOnline);
    this.stopNotingBroadcast();
    this.endAttempt();
    this.receiver.close();
    this.publisher.close();
  }

  /** The server pushes what others publish, not what this page does. */
  private noteOwnBroadcast(): void {
    const state = this.room.value;
    if (state && this.isBroadcasting.value && !state.hasBroadcast) this.room.value = { ...state, hasBroadcast: true };
  }

  private joinAfter(delayMs: number): void {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    this.timer = setTimeout(() => background(this.join()), delayMs);
  }

  private async join(): Promise<void> {
    this.endAttempt();
    const entry = this.entry;
    try {
      const { ticket, signaling: address, iceServers } = await this.options.fetchTicket();
      if (entry !== this.entry) return;
      const signaling = await SignalingClient.connect(address, {
        onPush: (push) => this.handle(push, entry),
        onLost: () => this.connectionLost(entry),
      });
      if (entry !== this.entry) return signaling.close();
      this.signaling = signaling;
      this.earlyPushes = [];
      const snapshot = await signaling.request('room.join', { ticket, as: this.options.as });
      if (entry !== this.entry) return;
      this.iceServers = iceServers;
      await this.applySnapshot(snapshot);
    } catch (error) {
      if (entry === this.entry) this.joinFailed(error);
    }
  }

  private async applySnapshot(snapshot: RoomSnapshot): Promise<void> {
    const entry = this.entry;
    this.room.value = createRoomState(snapshot, performance.now(), this.room.value);
    this.attempt = 0;
    this.lostAtMs.value = undefined;
    this.phase.value = { name: 'joined' };
    this.subscribeToOthers();
    const earlyPushes = this.earlyPushes ?? [];
    this.earlyPushes = undefined;
    for (const push of earlyPushes) this.handle(push, entry);
    this.rtpCapabilities = snapshot.rtpCapabilities;
    const device = await loadDevice(snapshot.rtpCapabilities);
    if (entry !== this.entry) return;
    this.device = device;
    this.hasWebRtc.value = device !== undefined;
    this.attachMedia();
  }

  /** The browser may support more formats than before. Then the tracks are received with a new device. */
  private async readCapabilities(): Promise<void> {
    const { entry, device: earlier, rtpCapabilities } = this;
    if (!earlier || !rtpCapabilities) return;
    const device = await loadDevice(rtpCapabilities);
    if (entry !== this.entry || !device || receivesTheSame(device, earlier)) return;
    this.device = device;
    this.attachTo(this.receiver);
  }

  private attachMedia(): void {
    this.attachTo(this.receiver);
    this.attachTo(this.publisher);
  }

  private attachTo(media: TrackReceiver | TrackPublisher): void {
    const { signaling, device, entry } = this;
    if (!signaling || !device) return;
    const session: RoomSession = {
      signaling,
      device,
      iceServers: this.iceServers as RoomSession['iceServers'],
      rejoin: () => this.connectionLost(entry),
      readCapabilities: () => this.readCapabilities(),
      reachability: this.reachability,
    };
    media.attach(session);
  }

  private joinFailed(error: unknown): void {
    const next = decideRetry(error, this.attempt);
    this.attempt += 1;
    this.endAttempt();
    switch (next.kind) {
      case 'retry':
        if (this.phase.value.name === 'joining') this.phase.value = { name: 'joining', error };
        return this.phase.value.name === 'waiting' ? this.startPoller.pollAfter(next.delayMs) : this.joinAfter(next.delayMs);
      case 'wait':
        this.attempt = 0;
        this.phase.value = { name: 'waiting' };
        return this.startPoller.pollAfter();
      case 'ended':
        return this.leave(next.reason);
      case 'giveUp':
        this.phase.value = { name: 'failed', error };
    }
  }

  /** The connection or its media is lost: joins again. */
  private connectionLost(entry: number, isServerRestarting = false): void {
    if (entry !== this.entry || this.isClosed) return;
    this.endAttempt();
    this.lostAtMs.value ??= performance.now();
    this.phase.value = this.room.value ? { name: 'reconnecting', isServerRestarting } : { name: 'joining' };
    this.joinAfter(delayBefore(this.attempt));
    this.attempt += 1;
  }

  /** The network came back or changed: retries without waiting for the timer. */
  private retryNow(): void {
    const { name } = this.phase.value;
    if (name === 'reconnecting' || name === 'joining') return this.joinAfter(0);
    for (const reachability of Object.values(this.reachability)) reachability.networkChanged();
  }

  private handle(push: AnyPush, entry: number): void {
    if (entry !== this.entry) return;
    if (this.earlyPushes) {
      this.earlyPushes.push(push);
      return;
    }
    if (push.name === 'room.closed') return this.roomClosed(push.data.reason, entry);
    if (this.room.value) this.room.value = applyPush(this.room.value, push, performance.now());
    if (push.name === 'media.reset') this.attachMedia();
    else if (push.name === 'transport.closed') this.attachTo(this.receiver);
    else if (push.name === 'subscription.layersChanged') this.receiver.layersChanged(push.data.subscriptionId, push.data.layers);
    else if (push.name === 'subscription.closed') this.receiver.subscriptionClosed(push.data.subscriptionId);
    else if (push.name.startsWith('track.')) this.subscribeToOthers();
    if (push.name === 'track.changed') this.publisher.publicationChanged(push.data.publication);
  }

  private roomClosed(reason: RoomCloseReason, entry: number): void {
    if (reason === 'stopping' || reason === 'moved') this.connectionLost(entry, true);
    else this.leave(reason);
  }

  private leave(reason: Exclude<RoomCloseReason, RejoinReason>): void {
    this.endAttempt();
    this.phase.value = { name: 'left', reason };
    this.receiver.close();
  }

  private subscribeToOthers(): void {
    const state = this.room.value;
    if (!state) return;
    const others = othersOnAir(state);
    const standby = state.publications.filter(({ participantId, isStandby }) => participantId !== state.self.id && isStandby);
    this.receiver.setWanted(others, standby);
  }

  /** Closes everything of the current attempt. Its late responses are ignored. */
  private endAttempt(): void {
    this.entry += 1;
    clearTimeout(this.timer);
    this.startPoller.stop();
    for (const reachability of Object.values(this.reachability)) reachability.stopRetrying();
    this.signaling?.close();
    this.signaling = undefined;
    this.earlyPushes = undefined;
    this.receiver.detach();
    this.publisher.detach();
  }
}
