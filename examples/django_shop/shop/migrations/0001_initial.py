"""The shop's own table, and those of the desk beside it."""

from django.db import migrations, models

from ticketcore.stores import JoinedSqliteStore


def make_tables(apps, editor):
    """The tables of ticketcore are made, or brought to their newest version, in the transaction of the migration."""
    JoinedSqliteStore(editor.connection.connection)


class Migration(migrations.Migration):
    """Runs once."""

    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("item", models.CharField(max_length=100)),
                ("ticket", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunPython(make_tables, migrations.RunPython.noop),
    ]
