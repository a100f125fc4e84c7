import { Laptop, Smartphone } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Login } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Badge, Button, Checkbox, ConfirmDialog, showToast, SkeletonList } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { describeDevice } from './describeDevice.ts';

/** What reads from the account without a browser. */
async function loadPrograms(signal: AbortSignal) {
  const [{ accessTokens }, { feeds }] = await Promise.all([api.listAccessTokens({}, { signal }), api.listCalendarFeeds({}, { signal })]);
  return { accessTokens, feeds };
}

/** The browsers in which the account is signed in; this one first. */
export function Devices() {
  const [isAsking, setAsking] = useState(false);
  const [revokesFeeds, setRevokingFeeds] = useState(false);
  const { data: programs } = useLoaded(loadPrograms, []);
  const { data, error, reload } = useLoaded((signal) => api.listLogins({}, { signal }), []);
  const end = useToastedAction(async ({ id }: Login) => {
    await api.endLogin({ params: { loginId: id } });
    showToast({ text: text.account.loginEnded });
    reload();
  });
  const endOthers = useToastedAction(async () => {
    await api.endOtherLogins();
    if (revokesFeeds) await Promise.all(programs?.feeds.map(({ id }) => api.deleteCalendarFeed({ params: { calendarId: id } })) ?? []);
    setAsking(false);
    showToast({ text: text.security.othersEnded });
    reload();
  });
  const logins = (data?.logins ?? []).toSorted((one, other) => Number(other.isCurrent) - Number(one.isCurrent));
  return (
    <section class="section">
      <h2>{text.account.loginsTitle}</h2>
      <p class="quiet">{text.security.devicesIntro}</p>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data || error ? null : <SkeletonList rows={2} />}
      <ul class="devices">
        {logins.map((login) => (
          <DeviceItem key={login.id} login={login} isBusy={end.isBusy} onEnd={() => end.run(login)} />
        ))}
      </ul>
      {logins.length > 1 ? (
        <div class="row">
          <Button isBusy={endOthers.isBusy} onClick={() => setAsking(true)}>
            {text.security.endOthers}
          </Button>
        </div>
      ) : null}
      {isAsking ? (
        <ConfirmDialog
          title={text.security.endOthersTitle}
          message={text.security.endOthersMessage}
          more={
            <>
              {programs && programs.accessTokens.length > 0 ? <p>{text.security.endsTokens(programs.accessTokens.map(({ name }) => name).join(', '))}</p> : null}
              {programs && programs.feeds.length > 0 ? <Checkbox label={text.security.endsFeeds(programs.feeds.length)} hint={text.security.endsFeedsHint} isChecked={revokesFeeds} onChecked={setRevokingFeeds} /> : null}
            </>
          }
          confirmLabel={text.security.endOthers}
          isBusy={endOthers.isBusy}
          onConfirm={() => endOthers.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </section>
  );
}

function DeviceItem({ login, isBusy, onEnd }: { login: Login; isBusy: boolean; onEnd: () => void }) {
  const { label, isPhone } = describeDevice(login.userAgent);
  const Icon = isPhone ? Smartphone : Laptop;
  return (
    <li class="secured">
      <Icon aria-hidden="true" />
      <div class="grow">
        <div>{label ?? (login.userAgent || text.security.unknownDevice)}</div>
        <div class="small quiet">
          {text.account.lastUsed(formatDateTime(login.lastUsedAt))} · {login.address}
        </div>
        <div class="small quiet">{text.security.signedInSince(formatDateTime(login.createdAt))}</div>
      </div>
      {login.isCurrent ? (
        <Badge tone="good">{text.account.thisDevice}</Badge>
      ) : (
        <Button isBusy={isBusy} onClick={onEnd}>
          {text.account.endLogin}
        </Button>
      )}
    </li>
  );
}
