@echo off
node "%~dp0..\..\bin\infra\provider\main.js" %*
