import { useId } from 'preact/hooks';
import { useToastedAction } from '../app/useAction.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { RoomState } from '../live/roomState.ts';
import { text } from '../text/index.ts';
import { airSources } from './airSources.ts';
import type { AirSource } from './airSources.ts';
import type { StudioSession } from './StudioSession.ts';

/** With two sources or more: the one that students see and the recording contains. A click switches. */
export function ProgramChoice({ connection, room, session }: { connection: RoomConnection; room: RoomState; session: StudioSession }) {
  const name = useId();
  const { publisher } = connection;
  const isMain = (sources: ReadonlySet<string>) => sources.has('camera') || sources.has('microphone');
  const isSending = isMain(publisher.sending.value);
  const sources = airSources(room, { isSending, isOnAir: isSending && !isMain(publisher.takenOver.value) });
  const choose = useToastedAction((source: AirSource) => session.choose(source.participantId));
  if (sources.length < 2) return null;
  return (
    <fieldset class="choice" disabled={choose.isBusy}>
      <legend>{text.studio.studentsSee}</legend>
      {sources.map((source) => (
        <label key={source.participantId} class={`choice__option ${source.isOnAir ? 'choice__option--on' : ''}`}>
          <input type="radio" name={name} checked={source.isOnAir} onChange={() => choose.run(source)} />
          <bdi>{nameOf(source)}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

export function nameOf({ kind, name }: Pick<AirSource, 'kind' | 'name'>): string {
  if (kind === 'own') return text.studio.rivals.thisBrowser;
  return kind === 'encoder' ? text.studio.rivals.encoder : (name ?? text.studio.rivals.someone);
}
