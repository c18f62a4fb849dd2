namespace VividShift.Migrations.Core.Tests;
