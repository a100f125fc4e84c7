import type { ComponentChildren } from 'preact';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { Shell } from '../app/Shell.tsx';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ButtonLink, EmptyState } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import type { RoomConnection, RoomPhase } from './RoomConnection.ts';

interface RoomEndProps {
  connection: RoomConnection;
  lectureId: string;
  phase: Extract<RoomPhase, { name: 'waiting' | 'failed' | 'left' }>;
}

/** Shown instead of the room: before the start, after the end, or if the user cannot join. */
export function RoomEnd({ connection, lectureId, phase }: RoomEndProps) {
  const { data: lecture, error } = useLoaded((signal) => api.getLecture({ params: { lectureId } }, { signal }), [lectureId, phase.name]);
  const courseLink = lecture ? <ButtonLink href={paths.course(lecture.courseId)}>{text.room.backToCourse}</ButtonLink> : <ToHome />;
  if (phase.name === 'waiting') {
    const when = lecture?.scheduledAt ? text.room.notStarted(formatDateTime(lecture.scheduledAt)) : text.room.notStartedUnplanned;
    return (
      <Centred title={text.room.notStartedTitle} action={courseLink}>
        {when}
      </Centred>
    );
  }
  if (phase.name === 'failed') {
    return (
      <Centred
        title={text.room.failedTitle}
        action={
          <div class="row">
            <Button variant="primary" onClick={() => connection.joinAgain()}>
              {text.room.tryAgain}
            </Button>
            {courseLink}
          </div>
        }
      >
        {sentenceFor(phase.error)}
      </Centred>
    );
  }
  return <LeftRoom connection={connection} reason={phase.reason} error={error} videoId={lecture?.videoId ?? undefined} courseLink={courseLink} />;
}

interface LeftRoomProps {
  connection: RoomConnection;
  reason: Extract<RoomPhase, { name: 'left' }>['reason'];
  /** Why the lecture could not be loaded: for someone who was removed, from what. */
  error: unknown;
  videoId: string | undefined;
  courseLink: ComponentChildren;
}

function LeftRoom({ connection, reason, error, videoId, courseLink }: LeftRoomProps) {
  switch (reason) {
    case 'removed':
      return (
        <Centred title={text.room.removedTitle} action={<ToHome />}>
          {error === undefined ? text.room.removed : sentenceFor(error)}
        </Centred>
      );
    case 'removedFromCourse':
      return (
        <Centred title={text.room.removedFromCourseTitle} action={<ToHome />}>
          {text.room.removedFromCourse}
        </Centred>
      );
    case 'roleChanged':
      return (
        <Centred title={text.room.roleChangedTitle} action={<JoinAgain connection={connection} />}>
          {text.room.roleChanged}
        </Centred>
      );
    case 'signedOut':
      return (
        <Centred title={text.room.signedOutTitle} action={<JoinAgain connection={connection} />}>
          {text.room.signedOut}
        </Centred>
      );
    case 'replaced':
      return (
        <Centred title={text.room.replacedTitle} action={<JoinAgain connection={connection} />}>
          {text.room.replaced}
        </Centred>
      );
    case 'left':
      return <Centred title={text.room.leftTitle} action={<JoinAgain connection={connection} />} />;
    case 'lectureEnded':
      return (
        <Centred
          title={text.room.endedTitle}
          action={
            <div class="row">
              {videoId ? (
                <ButtonLink variant="primary" href={paths.watch(videoId)}>
                  {text.room.watchReplay}
                </ButtonLink>
              ) : null}
              {courseLink}
            </div>
          }
        >
          {videoId ? text.room.endedReplay : text.room.ended}
        </Centred>
      );
  }
}

function JoinAgain({ connection }: { connection: RoomConnection }) {
  return (
    <Button variant="primary" onClick={() => connection.joinAgain()}>
      {text.room.takeBack}
    </Button>
  );
}

function ToHome() {
  return <ButtonLink href={paths.home}>{text.shell.toHome}</ButtonLink>;
}

function Centred({ title, children, action }: { title: string; children?: ComponentChildren; action: ComponentChildren }) {
  return (
    <Shell>
      <EmptyState isPage title={title} action={action}>
        {children}
      </EmptyState>
    </Shell>
  );
}
