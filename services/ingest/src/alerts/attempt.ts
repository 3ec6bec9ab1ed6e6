import type { Notice } from '@ruadar/alerts'
import { type Database, type Db, openSecrets, OperatorError, type Settings, sql } from '@ruadar/platform'
import type { Language } from '@ruadar/alerts/words'
import { noteChannelFailure, noteChannelSuccess } from './channel-health.ts'
import { answerText } from './channels/answer.ts'
import { type ChannelTarget, type ComposedDigest, type Content, DeliveryError, type Network } from './channels/channel.ts'
import { composeMessage } from './channels/message.ts'
import { send } from './channels/registry.ts'
import { claimSeconds, isFree, isPast } from './due.ts'

const minute = 60_000
/** Waits before the second attempt, the third …: about a day in all. What can hardly get better is tried three times. */
export const defaultWaits: readonly number[] = [1, 5, 30, 120, 360, 900].map((minutes) => minutes * minute)
const lastingAttempts = 3

export interface AttemptContext {
  database: Database
  settings: Pick<Settings, 'secretKey' | 'publicUrl'>
  network: Network
  waits: readonly number[]
}

export interface Attempt {
  ok: boolean
  /** What the other side said, or what went wrong. */
  answer: string
  ms: number
}

/** An attempt that was made, and what it means for the delivery. */
export interface NotedAttempt extends Attempt {
  kind: ChannelTarget['kind']
  result: 'delivered' | 'given_up' | 'failed'
}

interface Row {
  what: Content['what']
  content: unknown
  attempts: number
  createdAt: Date
  channelId: number
  name: string
  kind: ChannelTarget['kind']
  definition: object
  secrets: Buffer
  language: Language
  enabled: boolean
}

/**
 * Makes one attempt at a delivery that is due, and notes it. Null: it is not due, is in other hands, or this process is stopping. A
 * process that dies between sending and noting leaves it to be sent again: at least once, never none.
 */
export async function attemptDelivery(context: AttemptContext, deliveryId: number): Promise<NotedAttempt | null> {
  const { database, network, waits } = context
  const row = await claim(database.db, deliveryId)
  if (!row) return null
  if (!row.enabled && row.what !== 'test')
    return note(database.db, deliveryId, row, { ok: false, answer: 'The channel is switched off.', ms: 0 }, 'given_up')
  const started = performance.now()
  const sent = await sendOnce(context, deliveryId, row)
  const ms = Math.round(performance.now() - started)
  if (sent.ok) return note(database.db, deliveryId, row, { ok: true, answer: sent.answer, ms }, 'delivered')
  if (network.stopping.aborted) {
    await sql`update deliveries set claimed_until = null where id = ${deliveryId} and state = 'waiting'`.execute(database.db)
    return null
  }
  const { error } = sent
  const attempts = row.attempts + 1
  const wait = error.lasting && attempts >= lastingAttempts ? undefined : waits[attempts - 1]
  const attempt = { ok: false, answer: sent.answer, ms }
  if (wait === undefined || row.what === 'test') return note(database.db, deliveryId, row, attempt, 'given_up', error)
  return note(database.db, deliveryId, row, attempt, Math.max(wait, error.retryAfterMs ?? 0), error)
}

async function claim(db: Db, deliveryId: number): Promise<Row | null> {
  const { rows } = await sql<Row>`
    update deliveries d set claimed_until = now() + make_interval(secs => ${claimSeconds})
    from channels c
    where d.id = ${deliveryId} and c.id = d.channel_id and d.state = 'waiting' and ${isPast(sql`d.due_at`)} and ${isFree('d')}
    returning d.what, d.content, d.attempts, d.created_at as "createdAt", c.id as "channelId", c.name, c.kind, c.definition, c.secrets, c.language,
      c.enabled`.execute(db)
  return rows[0] ?? null
}

type Sent = { ok: true; answer: string } | { ok: false; answer: string; error: DeliveryError }

async function sendOnce({ settings, network }: AttemptContext, id: number, row: Row): Promise<Sent> {
  let target: ChannelTarget | null = null
  try {
    target = openTarget(row, settings.secretKey)
    const content = contentOf(row)
    const { name, language, createdAt } = row
    const channel = { name, language }
    const message = composeMessage(content, channel, settings.publicUrl)
    return { ok: true, answer: answerText(await send(target, { id, createdAt, channel, content, message }, network), target) }
  } catch (error) {
    const known =
      error instanceof DeliveryError ? error : new DeliveryError((error as Error).message, { lasting: error instanceof OperatorError })
    return { ok: false, answer: target ? answerText(known.message, target) : known.message, error: known }
  }
}

function contentOf({ what, content }: Row): Content {
  switch (what) {
    case 'notice':
      return { what, notice: content as Notice }
    case 'digest':
      return { what, digest: content as ComposedDigest }
    case 'test':
      return { what }
  }
}

function openTarget({ definition, secrets }: Row, secretKey: Buffer | null): ChannelTarget {
  if (!secretKey)
    throw new OperatorError(
      'The secrets of this channel are sealed, and this process has no RUADAR_SECRET_KEY.',
      'Give it the one of the API.',
    )
  return { ...definition, ...(openSecrets(secrets, secretKey) as object) } as ChannelTarget
}

/** Notes an attempt and what it means for delivery and channel, in one transaction. `next`: the end, or the wait in ms. */
async function note(
  db: Db,
  deliveryId: number,
  { channelId, kind, what, enabled }: Row,
  attempt: Attempt,
  next: 'delivered' | 'given_up' | number,
  error?: DeliveryError,
): Promise<NotedAttempt> {
  const waits = typeof next === 'number'
  await db.transaction().execute(async (trx) => {
    // The channel first, as whoever changes it does; without its key, so that an alert about one channel can be handed to another meanwhile.
    await sql`select 1 from channels where id = ${channelId} for no key update`.execute(trx)
    await sql`
      insert into delivery_attempts (delivery_id, ok, answer, ms)
      select id, ${attempt.ok}, ${attempt.answer}, ${attempt.ms} from deliveries where id = ${deliveryId}`.execute(trx)
    await sql`
      update deliveries set attempts = attempts + 1, claimed_until = null, state = ${waits ? 'waiting' : next}::delivery_state,
        due_at = now() + make_interval(secs => ${waits ? next / 1000 : 0}::float8)
      where id = ${deliveryId}`.execute(trx)
    if (attempt.ok) await noteChannelSuccess(trx, channelId)
    // Who asks for a test sees the answer; a channel that is switched off has no outage.
    else if (what !== 'test' && enabled) {
      await noteChannelFailure(trx, channelId, {
        message: attempt.answer,
        givenUp: next === 'given_up',
        pauseMs: error?.retryAfterMs ?? null,
      })
    }
  })
  return { ...attempt, kind, result: typeof next === 'number' ? 'failed' : next }
}
