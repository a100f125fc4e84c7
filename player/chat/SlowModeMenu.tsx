import { Hourglass } from 'lucide-preact';
import { slowModeChoicesSeconds } from '#signaling/contract';
import { Menu, showToast } from '../design/index.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';

/** For moderators: sets the time between two messages of one student. */
export function SlowModeMenu({ connection, slowModeMs }: { connection: RoomConnection; slowModeMs: number }) {
  const seconds = slowModeMs / 1000;
  const set = (chosen: number) => {
    connection
      .request('chat.setSlowMode', { intervalMs: chosen * 1000 })
      .catch((error: unknown) => showToast({ text: sentenceFor(error), tone: 'danger' }));
  };
  return (
    <Menu
      label={text.chat.slowMode}
      trigger={
        <>
          <Hourglass aria-hidden="true" size={18} />
          {text.chat.slowMode}: {seconds === 0 ? text.chat.slowModeOff : text.chat.slowModeEvery(seconds)}
        </>
      }
      items={slowModeChoicesSeconds.map((choice) => ({
        key: String(choice),
        label: choice === 0 ? text.chat.slowModeOff : text.chat.slowModeEvery(choice),
        isChecked: choice === seconds,
        onSelect: () => set(choice),
      }))}
    />
  );
}
