export type { AlertFacts, Notice, Rule } from './facts.ts'
