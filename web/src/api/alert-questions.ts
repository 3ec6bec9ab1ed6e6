import type { AlertChange, AlertDetail, AlertItem, AlertQuery, AlertRule, Attention, Mute, MuteRequest } from '@ruadar/contract'
import { ask } from './client.ts'
import { type Listed, type Paged, question, segment } from './questions.ts'

export const attention = () => question<Attention>('/attention')

export const alerts = ({ domain, rule, sender, state }: AlertQuery, limit = 50) =>
  question<Paged<AlertItem>>('/alerts', { domain, rule, sender, state, limit })
export const alert = (id: string) => question<AlertDetail>(`/alerts/${segment(id)}`)
export const changeAlert = (id: number, body: AlertChange): Promise<AlertDetail> => ask(`/alerts/${id}`, { method: 'PATCH', body })

export const alertRules = () => question<Listed<AlertRule>>('/alert-rules')
export const mutes = () => question<Listed<Mute>>('/mutes')
export const mute = (body: MuteRequest): Promise<Mute> => ask('/mutes', { method: 'POST', body })
