@echo off
rem Starts Triptych on Windows: the jars of lib\, on the Java of JAVA_HOME or of the PATH (25 or newer).
rem TRIPTYCH_HEAP: the Java heap (for example 12g); otherwise 70 % of the machine's memory. JAVA_OPTS: more options.
setlocal
set "TRIPTYCH_HOME=%~dp0.."
set "TRIPTYCH_JAVA=java"
if defined JAVA_HOME set "TRIPTYCH_JAVA=%JAVA_HOME%\bin\java"
set "TRIPTYCH_MEMORY=-XX:MaxRAMPercentage=70"
if defined TRIPTYCH_HEAP set "TRIPTYCH_MEMORY=-Xmx%TRIPTYCH_HEAP%"
"%TRIPTYCH_JAVA%" %TRIPTYCH_MEMORY% --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -cp "%TRIPTYCH_HOME%\lib\*" dev.triptych.cli.Main %*
exit /b %ERRORLEVEL%
