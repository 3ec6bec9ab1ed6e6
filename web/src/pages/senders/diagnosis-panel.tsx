import type { Repair, SenderDomain } from '@ruadar/contract'
import { Badge } from '../../components/badges.tsx'
import { CopyButton } from '../../components/form.tsx'
import { webAddress } from '../../components/web-address.ts'
import { diagnosisParts, diagnosisTitle, stepParts } from './diagnosis-words.ts'
import { formats, senderWords, words } from '../../i18n/language.ts'
import { PublishedSection } from './published-section.tsx'
import { recordPieces } from './record-pieces.ts'
import { sentenceHoles } from './sentence-holes.tsx'

/** Why mail of the sender fails for a domain, and what to do about it. */
export function DiagnosisPanel({ item, senderId }: { item: SenderDomain; senderId: number }) {
  const t = senderWords()
  const { diagnosis, repair, task, taskSince } = item
  return (
    <div class="diagnosis">
      {diagnosis === null ? (
        item.messages > 0 &&
        (item.dmarcFail === 0 ? <p class="good-news">✓ {t.senderPage.nothingFails}</p> : <p class="muted">{t.senderPage.noCause}</p>)
      ) : (
        <>
          <h3>
            {t.senderPage.why}: {diagnosisTitle(diagnosis)}
          </h3>
          <p>{diagnosisParts(diagnosis, sentenceHoles)}</p>
          {task && (
            <p>
              <Badge tone={task === 'open' ? 'warn' : 'good'}>{task === 'open' ? t.senders.taskOpen : t.senders.taskClosed}</Badge>{' '}
              {taskSince && <span class="muted">{t.senders.taskSince(formats().day(taskSince.slice(0, 10)))}</span>}
            </p>
          )}
        </>
      )}
      {repair && <RepairSteps repair={repair} />}
      {(diagnosis || item.messages > 0) && <PublishedSection domain={item.domain} senderId={senderId} />}
    </div>
  )
}

function RepairSteps({ repair }: { repair: Repair }) {
  const t = senderWords().senderPage
  const instructions = repair.instructions === null ? null : webAddress(repair.instructions)
  return (
    <>
      {repair.steps.length > 0 && (
        <>
          <h3>{t.whatToDo}</h3>
          <ol class="steps">
            {repair.steps.map((step) => (
              <li key={step.code}>{stepParts(step, sentenceHoles)}</li>
            ))}
          </ol>
        </>
      )}
      {repair.records.length > 0 && (
        <>
          <h3>{t.publish}</h3>
          {repair.records.map((record) => (
            <div class="dns-record" key={record.type + record.name + record.value}>
              <dl>
                <dt>{words().start.recordName}</dt>
                <dd>
                  <RecordText text={record.name} />
                </dd>
                <dt>{words().start.recordType}</dt>
                <dd>
                  <code>{record.type}</code>
                </dd>
                <dt>{words().start.recordValue}</dt>
                <dd>
                  <RecordText text={record.value} />
                </dd>
              </dl>
              <CopyButton text={record.value} about={t.copyValue(record.name)} />
            </div>
          ))}
          {repair.records.some((record) => !record.known) && <p class="hint">{t.holes}</p>}
        </>
      )}
      {(instructions || repair.spfCanAlign !== null) && (
        <p class="hint">
          {repair.spfCanAlign !== null && (repair.spfCanAlign ? t.spfAligns.yes : t.spfAligns.no)}{' '}
          {instructions && (
            <a href={instructions} rel="noopener noreferrer external" target="_blank">
              {t.instructions}
            </a>
          )}
        </p>
      )}
    </>
  )
}

/** A record's text with the parts marked that the service makes for each account. */
function RecordText({ text }: { text: string }) {
  return (
    <code>
      {recordPieces(text).map(({ text: piece, isHole }, index) =>
        isHole ? (
          <mark key={index} title={senderWords().senderPage.hole}>
            {piece}
          </mark>
        ) : (
          piece
        ),
      )}
    </code>
  )
}
