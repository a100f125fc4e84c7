import { useSignal } from '@preact/signals';
import { SendHorizontal } from 'lucide-preact';
import { useEffect, useId } from 'preact/hooks';
import { maxChatTextLength, may } from '#engine/contract';
import { background } from '../app/background.ts';
import { IconButton } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { text } from '../text/index.ts';
import type { ChatOutbox } from './ChatOutbox.ts';
import { slowModeWaitSeconds } from './slowModeWaitSeconds.ts';

interface ChatComposerProps {
  connection: RoomConnection;
  room: RoomState;
  outbox: ChatOutbox;
  onSent: () => void;
}

/** The message input. Enter sends; Shift+Enter starts a new line. */
export function ChatComposer({ connection, room, outbox, onSent }: ChatComposerProps) {
  const id = useId();
  const draft = useSignal('');
  const waitSeconds = useWaitSeconds(connection, room, outbox);
  if (room.self.isChatMuted) return <p class="chat__note">{text.chat.youAreMuted}</p>;

  const trimmed = draft.value.trim();
  const overLength = trimmed.length - maxChatTextLength;
  const canSend = trimmed !== '' && overLength <= 0 && waitSeconds === 0;
  const note = noteFor({ room, outbox, waitSeconds, overLength });

  function send() {
    if (!canSend) return;
    draft.value = '';
    onSent();
    background(outbox.send(trimmed, room.chat.at(-1)?.id));
  }

  return (
    <form
      class="stack-tight"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="chat__form">
        <label class="unseen" for={id}>
          {text.chat.write}
        </label>
        <textarea
          id={id}
          dir="auto"
          class="field__input chat__input"
          rows={1}
          placeholder={text.chat.placeholder}
          aria-describedby={note ? `${id}-note` : undefined}
          aria-invalid={overLength > 0 || undefined}
          value={draft.value}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <IconButton type="submit" variant="primary" label={text.chat.send} disabled={!canSend}>
          <SendHorizontal aria-hidden="true" />
        </IconButton>
      </div>
      {note ? (
        <span id={`${id}-note`} class={`chat__note tabular ${overLength > 0 ? 'chat__note--wrong' : ''}`}>
          {note}
        </span>
      ) : null}
    </form>
  );
}

interface NoteInput {
  room: RoomState;
  outbox: ChatOutbox;
  waitSeconds: number;
  overLength: number;
}

function noteFor({ room, waitSeconds, overLength }: NoteInput): string | undefined {
  if (overLength > 0) return text.chat.tooLong(overLength);
  if (waitSeconds > 0) return text.chat.slowModeWait(waitSeconds);
  if (room.slowModeMs > 0 && !may(room.self.role, 'chat.moderate')) return text.chat.slowModeOn(room.slowModeMs / 1000);
  return undefined;
}

/** Seconds until the user may send the next message; counts down. */
function useWaitSeconds(connection: RoomConnection, room: RoomState, outbox: ChatOutbox): number {
  const tick = useSignal(0);
  void tick.value;
  const own = room.chat.findLast(({ userId }) => userId === room.self.userId);
  const slow = slowModeWaitSeconds({
    slowModeMs: room.slowModeMs,
    isModerator: may(room.self.role, 'chat.moderate'),
    lastOwnAtMs: own?.atMs,
    clockMs: connection.clockMs() ?? 0,
  });
  const refused = Math.max(0, Math.ceil((outbox.blockedUntilMs.value - performance.now()) / 1000));
  const seconds = Math.max(slow, refused);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => (tick.value += 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds, tick.value]);
  return seconds;
}
