/** How the page is built, and where its development server finds the exchange. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const exchange = process.env.EXCHANGE_URL ?? 'http://127.0.0.1:8080'
const proxy = {
  '/v2': exchange,
  '/openapi': exchange,
  '/socket.io': { target: exchange, ws: true },
}

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy },
  preview: { proxy },
  build: { target: 'es2022', manifest: true, assetsInlineLimit: 0 },
  test: { include: ['src/**/*.test.ts'] },
})
