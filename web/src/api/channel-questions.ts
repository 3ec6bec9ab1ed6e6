import type { Channel, Delivery } from '@ruadar/contract'
import { type Listed, type Paged, question, segment } from './questions.ts'

export const channels = () => question<Listed<Channel>>('/channels')
export const channelPath = (id: string | number): string => `/channels/${segment(String(id))}`
export const deliveries = (id: number) => question<Paged<Delivery>>(`/channels/${id}/deliveries`, { limit: 30 })
