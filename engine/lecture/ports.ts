import type {
  CourseCondition,
  CourseId,
  CourseRole,
  DtlsParameters,
  IceParameters,
  LectureId,
  PreferredLayers,
  RtpCapabilities,
  RtpParameters,
  TrackKind,
  TransportParameters,
  UserId,
  WorkerReport,
} from '../contract/index.ts';
import type { FrameTap } from '../media/index.ts';

/** Removes the listener. */
export type Unsubscribe = () => void;

/** Forwards the live tracks of all lectures on this node. Implemented by `engine/sfu` with mediasoup. */
export interface MediaPlane {
  /** A room can open now: a worker runs, and the plane is not closed. */
  readonly isAvailable: boolean;
  /** The media workers of this machine and their load now. */
  readonly workers: readonly WorkerReport[];
  openRoom(lectureId: LectureId): Promise<MediaRoom>;
  close(): Promise<void>;
}

/**
 * `workerDied`: the worker of the publishers died, and with it the room. `branchLost`: a worker died that has viewers only;
 * they find a place on another one. `moved`: another process owns the lecture now.
 */
export type MediaCloseReason = 'lectureEnded' | 'participantLeft' | 'unpublished' | 'workerDied' | 'branchLost' | 'transportClosed' | 'stopping' | 'replaced' | 'moved';

export interface TransportOptions {
  /** Presents, or has received media of this lecture just before: is placed even where the machine is full. */
  hasPlace?: boolean;
}

/** The tracks of one lecture. Closing the room closes every transport, track and subscription in it, with the same reason. */
export interface MediaRoom {
  readonly rtpCapabilities: RtpCapabilities;
  /** @throws CodedError `media.unavailable`; `lecture.full` when this machine can take no further viewer */
  openClientTransport(direction: 'send' | 'recv', options?: TransportOptions): Promise<ClientTransport>;
  /** A loopback port pair that receives plain RTP, as ffmpeg sends it. */
  openRtpIngress(options: RtpIngressOptions): Promise<RtpIngress>;
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/** One WebRTC connection of one browser, in one direction. */
export interface ClientTransport {
  /** What mediasoup-client needs to create its end. */
  readonly parameters: TransportParameters;
  connect(dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(): Promise<IceParameters>;
  publish(options: { kind: TrackKind; rtpParameters: RtpParameters; isPaused: boolean }): Promise<MediaTrack>;
  /** The subscription starts paused: call `resume` when the browser is ready. @throws CodedError `media.unavailable`, `media.unsupported` */
  subscribe(track: MediaTrack, rtpCapabilities: RtpCapabilities): Promise<MediaSubscription>;
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/** Where the encoded frames of a publication come from. The recorder reads these; it never reads the room. */
export interface FrameSource {
  readonly frames: FrameTap;
  /** Some media has arrived. It may never do so: a firewall can block the media of a track that a browser publishes. */
  readonly hasMedia: boolean;
  /** Calls the listener once, when the first media arrives; immediately if some has arrived before. */
  onMedia(listener: () => void): Unsubscribe;
}

/** The subscriptions of one track. */
export interface TrackDemand {
  readonly subscriptions: number;
  /** Those that are resumed: their browsers receive media. */
  readonly active: number;
}

/** A track in the room (mediasoup: a Producer). As a source, its frames are those of its RTP, of the best layer. */
export interface MediaTrack extends FrameSource {
  readonly id: string;
  readonly kind: TrackKind;
  readonly isSimulcast: boolean;
  readonly demand: TrackDemand;
  /** Reports each change of the demand. */
  onDemandChanged(listener: (demand: TrackDemand) => void): Unsubscribe;
  pause(): Promise<void>;
  resume(): Promise<void>;
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/** A track that is sent to one viewer (mediasoup: a Consumer). */
export interface MediaSubscription {
  readonly parameters: { id: string; trackId: string; kind: TrackKind; rtpParameters: RtpParameters };
  resume(): Promise<void>;
  pause(): Promise<void>;
  /** null selects the best layers that the bandwidth allows. */
  setPreferredLayers(layers: PreferredLayers | null): Promise<void>;
  /** Reports the layers that are sent now; null while none are. */
  onLayersChanged(listener: (layers: PreferredLayers | null) => void): Unsubscribe;
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

export interface RtpIngressOptions {
  /** `video`: H.264, packetization-mode 1, PT 102; `audio`: Opus 48 kHz stereo, PT 111. */
  kind: TrackKind;
  /** The same for video and audio of one source: browsers then synchronise them by their sender reports. */
  ssrc: number;
  payloadType: number;
  /** H.264 profile-level-id of the video, six hex digits. */
  profileLevelId?: string;
}

export interface RtpIngress {
  readonly host: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
  readonly track: MediaTrack;
  close(reason: MediaCloseReason): void;
}

/** The rights of people, read at every request: a token may be older than the last change. Implemented by `api/courses`. */
export interface CourseRoles {
  /** The role that the account and the state of the course allow now; undefined without one, in a deleted course, and for students in a draft. */
  roleOf(userId: UserId, courseId: CourseId): Promise<CourseRole | undefined>;
  /** The role that the account allows, whatever the state of the course, and that state; undefined for an unknown course. */
  placeOf(userId: UserId, courseId: CourseId): Promise<{ role: CourseRole | undefined; condition: CourseCondition | undefined }>;
  /** The owner removed the person from the course. */
  isRemovedFromCourse(userId: UserId, courseId: CourseId): Promise<boolean>;
  /** An administrator of the site. */
  isAdmin(userId: UserId): Promise<boolean>;
}

/** A login of a person that has ended. */
export interface EndedLogin {
  userId: UserId;
  loginId: string;
}

/** The logins of people. Tickets, rooms and media URLs end with the login that opened them. Implemented by `api/accounts`. */
export interface OpenLogins {
  isOpen(login: EndedLogin): Promise<boolean>;
  /** In whichever process it ended. */
  onEnded(listener: (ended: EndedLogin) => void): Unsubscribe;
  /** Logins may have ended unnoticed, while the processes could not reach one another: ask `isOpen` again. */
  onMissed(listener: () => void): Unsubscribe;
}
