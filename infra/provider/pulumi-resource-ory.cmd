@echo off
node --max-semi-space-size=4 "%~dp0..\..\bin\infra\provider\main.js" %*
