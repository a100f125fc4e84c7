import type { ComponentChildren } from 'preact';
import type { PlaybackView } from '#api/contract';
import { Tabs } from '../design/index.ts';
import { LecturePictures } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { ReplayChat } from './chat/ReplayChat.tsx';
import type { ChatLog } from './chat/ChatLog.ts';
import type { ReplayPlayer } from './playback/ReplayPlayer.ts';

interface ReplaySideProps {
  playback: PlaybackView;
  lectureId: string;
  log: ChatLog | undefined;
  player: ReplayPlayer | undefined;
  /** On a narrow screen, the details are in a tab beside the chat. */
  about: ComponentChildren;
}

/** Beside the recording of a lecture: its chat. */
export function ReplaySide({ playback, lectureId, log, player, about }: ReplaySideProps) {
  const chat =
    log && player ? (
      <LecturePictures lectureId={lectureId}>
        <ReplayChat log={log} chatOffsetSeconds={playback.chatOffsetSeconds} positionSeconds={player.positionSeconds} onSeek={(positionSeconds) => player.seekTo(positionSeconds)} />
      </LecturePictures>
    ) : null;
  if (about === undefined) {
    return (
      <aside class="watch__side" aria-labelledby="watch-chat">
        <h2 id="watch-chat" class="watch__side-title">
          {text.watch.chat}
        </h2>
        {chat}
      </aside>
    );
  }
  return (
    <Tabs
      class="watch__side"
      label={text.watch.tabs}
      tabs={[
        { key: 'chat', label: text.watch.chat, panel: <ChatPanel>{chat}</ChatPanel> },
        { key: 'about', label: text.watch.about, panel: about },
      ]}
    />
  );
}

function ChatPanel({ children }: { children: ComponentChildren }) {
  return (
    <>
      <h2 class="unseen">{text.watch.chat}</h2>
      {children}
    </>
  );
}
